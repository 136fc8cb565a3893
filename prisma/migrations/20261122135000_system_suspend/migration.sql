-- Whether the guest may suspend itself (PSCI SYSTEM_SUSPEND).
ALTER TABLE "vms" ADD COLUMN "psci_system_suspend" BOOLEAN NOT NULL DEFAULT false;
