-- Labels that a VM must have for the token to reach it, where {} reaches everything.
ALTER TABLE "tokens" ADD COLUMN "scope" JSONB NOT NULL DEFAULT '{}';

-- A host's credential is rotated in two steps, and can be taken back.
ALTER TABLE "hosts" ADD COLUMN "next_credential_hash" BYTEA;
ALTER TABLE "hosts" ADD COLUMN "credential_revoked_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "hosts_next_credential_hash_key" ON "hosts" ("next_credential_hash");
ALTER TABLE "enrolment_tokens" ADD COLUMN "for_host_id" UUID;
-- A host may enrol anew, each time with a token of its own.
DROP INDEX "enrolment_tokens_host_id_key";

-- Whose a VM was, for those who may read its events and operations after it is gone.
CREATE TABLE "former_vms" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "former_vms_pkey" PRIMARY KEY ("id")
);

-- The refusal's code, and what a request changed, row by row.
ALTER TABLE "audit_entries" ADD COLUMN "code" TEXT;
CREATE INDEX "audit_entries_at_idx" ON "audit_entries" ("at");
CREATE TABLE "audit_changes" (
    "position" BIGSERIAL NOT NULL,
    "entry" BIGINT NOT NULL,
    "resource" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "audit_changes_pkey" PRIMARY KEY ("position")
);
CREATE INDEX "audit_changes_entry_idx" ON "audit_changes" ("entry");
CREATE INDEX "audit_changes_resource_id_idx" ON "audit_changes" ("resource_id");
ALTER TABLE "audit_changes" ADD CONSTRAINT "audit_changes_entry_fkey"
    FOREIGN KEY ("entry") REFERENCES "audit_entries" ("position") ON DELETE CASCADE ON UPDATE CASCADE;
