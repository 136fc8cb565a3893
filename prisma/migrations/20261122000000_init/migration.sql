-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "tokens" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "enrolment_tokens" (
    "id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "host_id" UUID,

    CONSTRAINT "enrolment_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hosts" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "credential_hash" BYTEA NOT NULL,
    "agent_version" TEXT NOT NULL,
    "kernel" TEXT NOT NULL,
    "boot_id" UUID NOT NULL,
    "psci_accepted" TEXT[],
    "psci_default" TEXT NOT NULL,
    "capacity_vcpus" INTEGER NOT NULL,
    "capacity_memory_mib" INTEGER NOT NULL,
    "cordoned" BOOLEAN NOT NULL DEFAULT false,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "lease_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revision" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "hosts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "blobs" (
    "digest" TEXT NOT NULL,
    "upload_id" UUID NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blobs_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "blob_uploads" (
    "id" UUID NOT NULL,
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "blob_uploads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "blob_chunks" (
    "upload_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "blob_chunks_pkey" PRIMARY KEY ("upload_id","index")
);

-- CreateTable
CREATE TABLE "images" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kernel_digest" TEXT NOT NULL,
    "initramfs_digest" TEXT,
    "cmdline" TEXT NOT NULL DEFAULT '',
    "kernel_version" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "images_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "vms" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "vcpus" INTEGER NOT NULL,
    "memory_mib" INTEGER NOT NULL,
    "image_id" UUID NOT NULL,
    "cmdline" TEXT NOT NULL DEFAULT '',
    "disks" JSONB NOT NULL DEFAULT '[]',
    "nics" JSONB NOT NULL DEFAULT '[]',
    "on_guest" JSONB NOT NULL,
    "host_selector" JSONB NOT NULL DEFAULT '{}',
    "psci_policy" TEXT NOT NULL,
    "psci_version" TEXT,
    "psci_allow_insecure" BOOLEAN NOT NULL DEFAULT false,
    "psci_effective" TEXT,
    "psci_source" TEXT,
    "psci_pinned_at" TIMESTAMPTZ(3),
    "power_state" TEXT NOT NULL DEFAULT 'stopped',
    "phase" TEXT NOT NULL DEFAULT 'stopped',
    "reason" TEXT,
    "hibernation" TEXT,
    "host_id" UUID,
    "run_id" UUID,
    "boot_id" UUID,
    "observed_sequence" INTEGER NOT NULL DEFAULT 0,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "observed_generation" INTEGER NOT NULL DEFAULT 0,
    "deleting" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "vms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operations" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "vm_id" UUID,
    "host_id" UUID,
    "run_id" UUID,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "args" JSONB NOT NULL DEFAULT '{}',
    "error" JSONB,
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intents" (
    "id" UUID NOT NULL,
    "vm_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "withdrawn_at" TIMESTAMPTZ(3),
    "event_id" UUID,

    CONSTRAINT "intents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "position" BIGSERIAL NOT NULL,
    "txid" xid8 NOT NULL DEFAULT pg_current_xact_id(),
    "id" UUID NOT NULL,
    "vm_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "boot_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "initiator" TEXT NOT NULL,
    "intent_id" UUID,
    "psci" JSONB,
    "hibernation" TEXT,
    "kvm" JSONB,
    "reason" TEXT,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "events_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "console_chunks" (
    "vm_id" UUID NOT NULL,
    "boot_id" UUID NOT NULL,
    "offset" BIGINT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "console_chunks_pkey" PRIMARY KEY ("vm_id","boot_id","offset")
);

-- CreateTable
CREATE TABLE "console_inputs" (
    "position" BIGSERIAL NOT NULL,
    "vm_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "data" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "console_inputs_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "token_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "request" BYTEA NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'claimed',
    "status" INTEGER,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "body" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("token_id","key")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "position" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "status" INTEGER,
    "request_id" TEXT NOT NULL,
    "override" TEXT,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("position")
);

-- CreateIndex
CREATE UNIQUE INDEX "tokens_hash_key" ON "tokens"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "enrolment_tokens_hash_key" ON "enrolment_tokens"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "enrolment_tokens_host_id_key" ON "enrolment_tokens"("host_id");

-- CreateIndex
CREATE UNIQUE INDEX "hosts_name_key" ON "hosts"("name");

-- CreateIndex
CREATE UNIQUE INDEX "hosts_credential_hash_key" ON "hosts"("credential_hash");

-- CreateIndex
CREATE UNIQUE INDEX "blobs_upload_id_key" ON "blobs"("upload_id");

-- CreateIndex
CREATE UNIQUE INDEX "images_name_key" ON "images"("name");

-- CreateIndex
CREATE UNIQUE INDEX "vms_name_key" ON "vms"("name");

-- CreateIndex
CREATE INDEX "vms_host_id_idx" ON "vms"("host_id");

-- CreateIndex
CREATE INDEX "vms_phase_idx" ON "vms"("phase");

-- CreateIndex
CREATE INDEX "vms_labels_idx" ON "vms" USING GIN ("labels" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "operations_vm_id_created_at_idx" ON "operations"("vm_id", "created_at");

-- CreateIndex
CREATE INDEX "operations_status_idx" ON "operations"("status");

-- CreateIndex
CREATE INDEX "operations_run_id_idx" ON "operations"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "intents_operation_id_key" ON "intents"("operation_id");

-- CreateIndex
CREATE UNIQUE INDEX "intents_event_id_key" ON "intents"("event_id");

-- CreateIndex
CREATE INDEX "intents_vm_id_idx" ON "intents"("vm_id");

-- CreateIndex
CREATE UNIQUE INDEX "events_id_key" ON "events"("id");

-- CreateIndex
CREATE INDEX "events_txid_position_idx" ON "events"("txid", "position");

-- CreateIndex
CREATE INDEX "events_vm_id_txid_position_idx" ON "events"("vm_id", "txid", "position");

-- CreateIndex
CREATE INDEX "events_host_id_txid_position_idx" ON "events"("host_id", "txid", "position");

-- CreateIndex
CREATE UNIQUE INDEX "events_vm_id_boot_id_sequence_key" ON "events"("vm_id", "boot_id", "sequence");

-- CreateIndex
CREATE INDEX "console_inputs_host_id_position_idx" ON "console_inputs"("host_id", "position");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_id_key" ON "audit_entries"("id");

-- AddForeignKey
ALTER TABLE "blobs" ADD CONSTRAINT "blobs_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "blob_uploads"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "blob_chunks" ADD CONSTRAINT "blob_chunks_upload_id_fkey" FOREIGN KEY ("upload_id") REFERENCES "blob_uploads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vms" ADD CONSTRAINT "vms_image_id_fkey" FOREIGN KEY ("image_id") REFERENCES "images"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "vms" ADD CONSTRAINT "vms_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intents" ADD CONSTRAINT "intents_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Blobs are compressed already and are read by piece: keep them out of line and as they are.
ALTER TABLE "blob_chunks" ALTER COLUMN "data" SET STORAGE EXTERNAL;
