-- AlterTable
ALTER TABLE "hosts" ADD COLUMN     "counters" JSONB;

-- AlterTable
ALTER TABLE "operations" ADD COLUMN     "traceparent" TEXT,
ADD COLUMN     "trace_parent_span" TEXT;
