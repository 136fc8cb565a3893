-- Which replica claimed a key: it holds an advisory lock while it lives.
ALTER TABLE "idempotency_keys" ADD COLUMN     "owner" INTEGER;
