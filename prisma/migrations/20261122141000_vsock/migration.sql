-- A guest's vsock address. Those up to 2 belong to hypervisor, loopback and host, and none is given twice, since a host
-- may still have the VM that had it.
CREATE SEQUENCE "vsock_cids" AS INTEGER MINVALUE 3 NO CYCLE;
ALTER TABLE "vms" ADD COLUMN "vsock_cid" INTEGER;
CREATE UNIQUE INDEX "vms_vsock_cid_key" ON "vms"("vsock_cid");
