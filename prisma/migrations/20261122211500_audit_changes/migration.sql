-- Writes down a changed row in the transaction that changes it, when that transaction says for which request it is made
-- (src/control/audit-context.ts): a change without its record, or a record without its change, cannot be.
-- Arguments: the resource's name, its key column, then the columns that are never written down.
-- What applies migrations cuts them at every semicolon, so those of the function are written \x3B.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS E'
DECLARE
    hidden text[] := TG_ARGV[2:]\x3B
    old_row jsonb := CASE WHEN TG_OP <> ''INSERT'' THEN to_jsonb(OLD) END\x3B
    new_row jsonb := CASE WHEN TG_OP <> ''DELETE'' THEN to_jsonb(NEW) END\x3B
    key text := COALESCE(new_row, old_row) ->> TG_ARGV[1]\x3B
    was jsonb := old_row - hidden\x3B
    becomes jsonb := new_row - hidden\x3B
BEGIN
    IF TG_OP = ''UPDATE'' THEN
        -- What stayed the same tells nothing.
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, becomes -> o.key) INTO was, becomes
        FROM jsonb_each(was) o WHERE o.value IS DISTINCT FROM becomes -> o.key\x3B
        IF was IS NULL THEN
            RETURN NULL\x3B
        END IF\x3B
    END IF\x3B
    INSERT INTO audit_changes (entry, resource, resource_id, before, after)
    VALUES (current_setting(''holdfast.audit'')::bigint, TG_ARGV[0], key, was, becomes)\x3B
    RETURN NULL\x3B
END
';

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "vms" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('vm', 'id', 'updated_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "operations" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('operation', 'id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "hosts" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '')
    EXECUTE FUNCTION audit_change('host', 'id', 'credential_hash', 'next_credential_hash', 'last_seen_at', 'lease_expires_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "images" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('image', 'id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "blobs" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('blob', 'digest', 'upload_id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "networks" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('network', 'id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "snapshots" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('snapshot', 'id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "psci_policies" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('psciPolicy', 'id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "rollouts" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('rollout', 'id', 'look_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "maintenances" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '')
    EXECUTE FUNCTION audit_change('maintenance', 'id', 'look_at', 'before', 'after');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "preflights" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('preflight', 'id', 'report');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "tokens" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '')
    EXECUTE FUNCTION audit_change('token', 'id', 'hash', 'last_used_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "enrolment_tokens" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('enrolmentToken', 'id', 'hash');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "webhooks" FOR EACH ROW
    WHEN (current_setting('holdfast.audit', true) <> '') EXECUTE FUNCTION audit_change('webhook', 'id', 'secret', 'previous_secret', 'txid', 'position', 'look_at');
