-- CreateIndex
CREATE INDEX "events_observed_at_idx" ON "events" USING BRIN ("observed_at");
