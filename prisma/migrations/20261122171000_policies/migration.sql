-- AlterTable
ALTER TABLE "vms" ADD COLUMN     "psci_policy_revision" INTEGER,
ADD COLUMN     "psci_why" TEXT;

-- AlterTable
ALTER TABLE "snapshots" ADD COLUMN     "psci_policy_revision" INTEGER;

-- AlterTable
ALTER TABLE "events" ADD COLUMN     "pin" JSONB;

-- CreateTable
CREATE TABLE "psci_policies" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "selector" JSONB NOT NULL,
    "priority" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "enforcement" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "psci_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "psci_policy_revisions" (
    "policy_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "selector" JSONB NOT NULL,
    "priority" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "enforcement" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "psci_policy_revisions_pkey" PRIMARY KEY ("policy_id","revision")
);

-- CreateTable
CREATE TABLE "preflights" (
    "id" UUID NOT NULL,
    "request" JSONB NOT NULL,
    "report" JSONB NOT NULL,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "preflights_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "psci_policies_name_key" ON "psci_policies"("name");

-- CreateIndex
CREATE INDEX "preflights_created_at_idx" ON "preflights"("created_at");
