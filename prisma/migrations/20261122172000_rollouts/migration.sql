-- AlterTable
ALTER TABLE "vms" ADD COLUMN     "on_drain" TEXT NOT NULL DEFAULT 'stop';

-- CreateTable
CREATE TABLE "rollouts" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "selector" JSONB NOT NULL,
    "target" JSONB NOT NULL,
    "waves" JSONB NOT NULL,
    "max_unavailable" INTEGER NOT NULL,
    "restart" BOOLEAN NOT NULL,
    "stop_timeout_seconds" INTEGER NOT NULL,
    "health" JSONB NOT NULL,
    "failure_threshold" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'running',
    "reason" TEXT,
    "wave" INTEGER NOT NULL DEFAULT 0,
    "soak_until" TIMESTAMPTZ(3),
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_by" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "rollouts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_vms" (
    "rollout_id" UUID NOT NULL,
    "vm_id" UUID NOT NULL,
    "vm_name" TEXT NOT NULL,
    "wave" INTEGER,
    "state" TEXT NOT NULL,
    "why" TEXT,
    "failure" TEXT,
    "former" JSONB,
    "was_running" BOOLEAN NOT NULL DEFAULT false,
    "operation_id" UUID,
    "run_id" UUID,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rollout_vms_pkey" PRIMARY KEY ("rollout_id","vm_id")
);

-- CreateTable
CREATE TABLE "rollout_events" (
    "position" BIGSERIAL NOT NULL,
    "rollout_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "vm_id" UUID,
    "vm_name" TEXT,
    "operation_id" UUID,
    "detail" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rollout_events_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "drains" (
    "operation_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "action" TEXT,
    "timeout_seconds" INTEGER,
    "force" BOOLEAN NOT NULL,
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "drains_pkey" PRIMARY KEY ("operation_id")
);

-- CreateTable
CREATE TABLE "drain_vms" (
    "drain_id" UUID NOT NULL,
    "vm_id" UUID NOT NULL,
    "vm_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "why" TEXT,
    "operation_id" UUID,
    "returned_at" TIMESTAMPTZ(3),

    CONSTRAINT "drain_vms_pkey" PRIMARY KEY ("drain_id","vm_id")
);

-- CreateTable
CREATE TABLE "maintenances" (
    "id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "target" JSONB,
    "preflight_id" UUID,
    "drain_id" UUID,
    "before" JSONB NOT NULL,
    "after" JSONB,
    "findings" JSONB NOT NULL DEFAULT '[]',
    "acknowledged_by" TEXT,
    "requested_by" TEXT NOT NULL,
    "look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "maintenances_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "rollouts_status_idx" ON "rollouts"("status");

-- CreateIndex
CREATE INDEX "rollout_vms_vm_id_state_idx" ON "rollout_vms"("vm_id", "state");

-- CreateIndex
CREATE INDEX "rollout_vms_rollout_id_state_idx" ON "rollout_vms"("rollout_id", "state");

-- CreateIndex
CREATE INDEX "rollout_events_rollout_id_position_idx" ON "rollout_events"("rollout_id", "position");

-- CreateIndex
CREATE INDEX "drains_host_id_idx" ON "drains"("host_id");

-- CreateIndex
CREATE INDEX "drain_vms_vm_id_idx" ON "drain_vms"("vm_id");

-- CreateIndex
CREATE INDEX "maintenances_host_id_idx" ON "maintenances"("host_id");

-- CreateIndex
CREATE INDEX "maintenances_status_idx" ON "maintenances"("status");

-- AddForeignKey
ALTER TABLE "rollout_vms" ADD CONSTRAINT "rollout_vms_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollouts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout_events" ADD CONSTRAINT "rollout_events_rollout_id_fkey" FOREIGN KEY ("rollout_id") REFERENCES "rollouts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drains" ADD CONSTRAINT "drains_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drain_vms" ADD CONSTRAINT "drain_vms_drain_id_fkey" FOREIGN KEY ("drain_id") REFERENCES "drains"("operation_id") ON DELETE CASCADE ON UPDATE CASCADE;
