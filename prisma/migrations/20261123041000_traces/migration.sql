-- AlterTable
ALTER TABLE "maintenances" ADD COLUMN     "trace_parent_span" TEXT,
ADD COLUMN     "traceparent" TEXT;

-- AlterTable
ALTER TABLE "rollouts" ADD COLUMN     "trace_parent_span" TEXT,
ADD COLUMN     "traceparent" TEXT;

-- The audit tells what somebody changed, which is not where that was in a trace.
DROP TRIGGER audit ON "rollouts";
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "rollouts" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '')
    EXECUTE FUNCTION audit_change('rollout', 'id', 'look_at', 'traceparent', 'trace_parent_span');
DROP TRIGGER audit ON "maintenances";
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "maintenances" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '')
    EXECUTE FUNCTION audit_change('maintenance', 'id', 'look_at', 'before', 'after', 'traceparent', 'trace_parent_span');
