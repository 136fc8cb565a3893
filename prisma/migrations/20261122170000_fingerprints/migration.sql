-- CreateTable
CREATE TABLE "fingerprints" (
    "digest" TEXT NOT NULL,
    "suite" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "versions" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "fingerprints_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "host_fingerprints" (
    "boot_id" UUID NOT NULL,
    "host_id" UUID NOT NULL,
    "digest" TEXT NOT NULL,
    "kernel" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "host_fingerprints_pkey" PRIMARY KEY ("boot_id")
);

-- AlterTable
ALTER TABLE "vms" ADD COLUMN     "host_boot_id" UUID;

-- AlterTable
ALTER TABLE "snapshots" ADD COLUMN     "host_boot_id" UUID;

-- CreateIndex
CREATE INDEX "host_fingerprints_host_id_taken_at_idx" ON "host_fingerprints"("host_id", "taken_at");

-- CreateIndex
CREATE INDEX "host_fingerprints_digest_idx" ON "host_fingerprints"("digest");

-- AddForeignKey
ALTER TABLE "host_fingerprints" ADD CONSTRAINT "host_fingerprints_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "hosts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "host_fingerprints" ADD CONSTRAINT "host_fingerprints_digest_fkey" FOREIGN KEY ("digest") REFERENCES "fingerprints"("digest") ON DELETE RESTRICT ON UPDATE CASCADE;
