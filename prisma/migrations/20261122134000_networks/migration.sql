-- CreateTable
CREATE TABLE "networks" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "cidr" TEXT NOT NULL,
    "outside" BOOLEAN NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "networks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "nics" (
    "vm_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "mac" TEXT NOT NULL,
    "network_id" UUID NOT NULL,
    "host_number" INTEGER NOT NULL,

    CONSTRAINT "nics_pkey" PRIMARY KEY ("vm_id","name")
);

-- CreateIndex
CREATE UNIQUE INDEX "networks_name_key" ON "networks"("name");

-- CreateIndex
CREATE INDEX "networks_labels_idx" ON "networks" USING GIN ("labels" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "nics_network_id_host_number_key" ON "nics"("network_id", "host_number");

-- CreateIndex
CREATE UNIQUE INDEX "nics_network_id_mac_key" ON "nics"("network_id", "mac");

-- AddForeignKey
ALTER TABLE "nics" ADD CONSTRAINT "nics_vm_id_fkey" FOREIGN KEY ("vm_id") REFERENCES "vms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "nics" ADD CONSTRAINT "nics_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The network of NICs that name none. An operator may replace it by another of the same name.
INSERT INTO "networks" ("id", "name", "cidr", "outside")
VALUES ('019ab2f4-1c00-7000-8000-000000000001', 'default', '10.77.0.0/16', true);

-- NICs that were only written down get what makes them one. A MAC that was given twice, or that no NIC can have, is
-- replaced: no guest has seen it yet.
INSERT INTO "nics" ("vm_id", "name", "position", "mac", "network_id", "host_number")
SELECT "vm_id", "name", "position",
  CASE WHEN "mac" ~ '^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$' AND "mac" <> '00:00:00:00:00:00'
      AND row_number() OVER (PARTITION BY "mac" ORDER BY "vm_id", "position") = 1
    THEN "mac"
    ELSE '02:' || regexp_replace(left(md5("vm_id" || '/' || "name"), 10), '(..)(?=.)', '\1:', 'g')
  END,
  '019ab2f4-1c00-7000-8000-000000000001',
  row_number() OVER (ORDER BY "vm_id", "position") + 1
FROM (
  SELECT v."id" AS "vm_id", nic ->> 'name' AS "name", ordinality - 1 AS "position", nic ->> 'mac' AS "mac"
  FROM "vms" v, jsonb_array_elements(v."nics") WITH ORDINALITY AS given(nic, ordinality)
) AS former;
