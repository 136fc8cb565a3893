-- When an operator declared a silent host lost, until it is heard again.
ALTER TABLE "hosts" ADD COLUMN "lost_at" TIMESTAMPTZ(3);
