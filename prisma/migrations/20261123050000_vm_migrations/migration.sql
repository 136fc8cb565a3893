-- AlterTable
ALTER TABLE "hosts" ADD COLUMN     "moves_disks" BOOLEAN;

-- AlterTable
ALTER TABLE "vms" ADD COLUMN     "moving_snapshot_id" UUID;

-- AlterTable
ALTER TABLE "events" ADD COLUMN     "migration" JSONB;

-- CreateTable
CREATE TABLE "migrations" (
    "operation_id" UUID NOT NULL,
    "vm_id" UUID NOT NULL,
    "source_host_id" UUID NOT NULL,
    "source_run_id" UUID,
    "target_host_id" UUID,
    "state" TEXT NOT NULL,
    "was_paused" BOOLEAN NOT NULL DEFAULT false,
    "handed_over" BOOLEAN NOT NULL DEFAULT false,
    "step_id" UUID,
    "snapshot_id" UUID,
    "digest" TEXT,
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "migrations_pkey" PRIMARY KEY ("operation_id")
);

-- CreateTable
CREATE TABLE "vm_remains" (
    "id" UUID NOT NULL,
    "vm_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "to_remove" BOOLEAN NOT NULL,
    "refused" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vm_remains_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "vms_moving_snapshot_id_idx" ON "vms"("moving_snapshot_id");

-- CreateIndex
CREATE INDEX "migrations_vm_id_idx" ON "migrations"("vm_id");

-- CreateIndex
CREATE INDEX "migrations_source_run_id_idx" ON "migrations"("source_run_id");

-- CreateIndex
CREATE INDEX "migrations_state_idx" ON "migrations"("state");

-- CreateIndex
CREATE UNIQUE INDEX "vm_remains_vm_id_host_id_key" ON "vm_remains"("vm_id", "host_id");

-- CreateIndex
CREATE INDEX "vm_remains_host_id_idx" ON "vm_remains"("host_id");

-- AddForeignKey
ALTER TABLE "migrations" ADD CONSTRAINT "migrations_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
