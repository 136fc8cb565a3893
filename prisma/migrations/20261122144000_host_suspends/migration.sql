-- AlterTable
ALTER TABLE "hosts" ADD COLUMN     "psci_suspends" BOOLEAN;
