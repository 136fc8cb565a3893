-- AlterTable
ALTER TABLE "hosts" ADD COLUMN     "psci_registers" JSONB;

-- AlterTable
ALTER TABLE "vms" ADD COLUMN     "firmware" JSONB,
ADD COLUMN     "firmware_run" JSONB,
ADD COLUMN     "psci_allow_missing_registers" BOOLEAN NOT NULL DEFAULT false;
