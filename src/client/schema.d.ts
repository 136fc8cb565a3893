/** Generated from openapi/openapi.json by script/generate; do not edit. */
// biome-ignore-all format: generated
// biome-ignore-all lint: generated
export interface paths {
    "/agent/v1/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the host should run
         * @description At once when it differs from the revision `known`, else when it does or after `wait` seconds.
         *
         *     Needs a host's credential.
         */
        get: operations["getAssignments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/blobs/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bytes of an image that one of the host's VMs boots
         * @description One `Range` is honoured, so that a download can go on where it stopped.
         *
         *     Needs a host's credential.
         */
        get: operations["fetchBlob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/console-input": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was typed into the consoles of the host's VMs
         * @description What comes after the position `after`; without it, from now on.
         *
         *     Needs a host's credential.
         */
        get: operations["getConsoleInput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Announce another credential
         * @description Its SHA-256. The first request that shows it makes it the host's only one; until then both are good.
         *
         *     Needs a host's credential.
         */
        post: operations["announceCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/enrol": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a host
         * @description The body holds the permission. Asking again with the same credential answers the same.
         *
         *     Open to everybody.
         */
        post: operations["enrolHost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver journal records
         * @description As often as needed; each is recorded once. The answer settles every record of the batch.
         *
         *     Needs a host's credential.
         */
        post: operations["deliverEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/fingerprint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Tell what the host's KVM answers to guests
         * @description As measured in this boot of its kernel. As often as needed.
         *
         *     Needs a host's credential.
         */
        put: operations["putFingerprint"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew the host's lease
         * @description Needs a host's credential.
         */
        post: operations["heartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report what no event tells
         * @description Needs a host's credential.
         */
        post: operations["deliverReports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/snapshots/{intentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Bring a saved guest
         * @description The body is the file whose digest the `saved` event told, which comes first. Taken whole or not at all; sent again, it changes nothing.
         *
         *     Needs a host's credential.
         */
        put: operations["deliverSnapshot"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/transfers/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Bring the disks of a VM that is off and moves
         * @description The body is a file of what the assignment’s `transfer` names. Taken whole or not at all; sent again, it changes nothing.
         *
         *     Needs a host's credential.
         */
        put: operations["deliverDisks"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/agent/v1/vms/{vmId}/console/{bootId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Deliver console output
         * @description The body is the bytes. A piece that does not start where the stored output ends is refused, and `expectedOffset` of the problem says where that is.
         *
         *     Needs a host's credential.
         */
        put: operations["appendConsole"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description Open to everybody.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics, for Prometheus
         * @description In the text exposition format, version 0.0.4. Metrics of the fleet are the same from every replica; while Postgres is away they are missing, and `holdfast_postgres_up` is 0.
         *
         *     Needs the role viewer and a token without a scope.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether requests can be served, and if not, why
         * @description The problem's `errors` name each part that is wrong, such as `/postgres`.
         *
         *     Open to everybody.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what clients changed or tried to, newest first
         * @description Needs the role admin and a token without a scope.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/blobs/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Store bytes under their SHA-256
         * @description The body is the bytes themselves. It is checked while it is received; unless it is complete and has the digest, nothing is stored. 200 when the bytes were there already.
         *
         *     Needs the role operator and a token without a scope.
         */
        put: operations["putBlob"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/enrolment-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a host enrol
         * @description Give the token to the agent of the host (`holdfast agent --enrolment-token-file`).
         *
         *     Needs the role admin and a token without a scope.
         */
        post: operations["createEnrolmentToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the fleet's event log
         * @description To follow it, ask again with `after` set to the `cursor` of the last item seen: no event is ever added before a cursor that has been given out.
         *
         *     Needs the role viewer.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the fleet's event log
         * @description Server-sent events: `id` is the cursor, `data` the event as JSON. Begins with what happens from now on, or after `Last-Event-ID` or `after`. A quiet stream sends a comment every 15 s, with the `id` to resume from. One whose reader takes nothing for 30 s ends with an event named `reader-too-slow`; resume it like any other that ended.
         *
         *     Needs the role viewer.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{eventId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an event
         * @description Needs the role viewer.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fingerprints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what hosts' KVM has been found to answer
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listFingerprints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fingerprints/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a fingerprint with every answer
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getFingerprint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleet/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the VMs whose pins are due to change, or could easily be lost
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listDriftedVms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleet/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count VMs and hosts
         * @description All numbers are of one moment.
         *
         *     Needs the role viewer and a token without a scope.
         */
        get: operations["getFleetSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List hosts, oldest first
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listHosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a host
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getHost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a host's labels
         * @description Needs the role operator and a token without a scope.
         */
        patch: operations["updateHost"];
        trace?: never;
    };
    "/v1/hosts/{hostId}/cordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place no more runs on a host
         * @description What runs there goes on.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["cordonHost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/declare-lost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up a silent host
         * @description For a host that will not come back, or must not go on with its guests if it does. Its runs end by `lost` and its VMs are `failed`; they can be deleted, or started elsewhere: with disks, by `freshDisks`. It is cordoned. Refused while its lease is alive.
         *
         *     Needs the role admin and a token without a scope.
         */
        post: operations["declareHostLost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the newest drain of a host, VM by VM
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getHostDrain"];
        put?: never;
        /**
         * Empty a host
         * @description Cordons the host, then stops, hibernates or moves each VM as its `onDrain` says. The operation shows its progress and can be cancelled. It fails with `DRAIN_INCOMPLETE` when VMs run on. The host stays cordoned; when it is uncordoned, the VMs that this stopped or hibernated are started again, unless somebody has seen to them.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["drainHost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/fingerprint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a host's KVM answers, and what is odd about it
         * @description Every answer, each that differs from what Linux is known to answer, and each that differs from what the host's kernel answered before, in words.
         *
         *     Needs the role viewer and a token without a scope.
         */
        get: operations["getHostFingerprint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/maintenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the newest maintenance of a host
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getMaintenance"];
        put?: never;
        /**
         * Begin to change a host's kernel
         * @description Preflight (where a `target` is named), drain, wait for the reboot, compare what the new kernel accepts and answers with what its VMs have, uncordon. Where a version of theirs is gone or answered otherwise, it waits to be acknowledged. A preflight that objects stays to be read; `PREFLIGHT_OBJECTS` names it.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["beginMaintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/maintenance/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept what a new kernel lacks or answers otherwise
         * @description The host takes runs again. Audited.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["acknowledgeMaintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/maintenance/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a maintenance where it is
         * @description Its drain is cancelled too; the host stays cordoned.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["cancelMaintenance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/revoke-credential": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a host's agent in no more
         * @description For a host whose credential may be known to others. What it runs goes on; its lease expires, and its VMs are `unknown` until it enrols again with a token of `POST /v1/enrolment-tokens` that names it.
         *
         *     Needs the role admin and a token without a scope.
         */
        post: operations["revokeHostCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hosts/{hostId}/uncordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Place runs on a host again
         * @description VMs that a drain stopped or hibernated are started again.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["uncordonHost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List images, oldest first
         * @description Needs the role viewer.
         */
        get: operations["listImages"];
        put?: never;
        /**
         * Create an image from blobs
         * @description The kernel must be an arm64 Linux `Image`, plain or compressed (gzip, zstd, EFI zboot), or flat arm64 code.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["createImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/images/{imageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an image
         * @description Needs the role viewer.
         */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /**
         * Delete an image that no VM has
         * @description Its blobs stay.
         *
         *     Needs the role operator and a token without a scope.
         */
        delete: operations["deleteImage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/networks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List networks, oldest first
         * @description Needs the role viewer.
         */
        get: operations["listNetworks"];
        put?: never;
        /**
         * Create a network
         * @description A range of IPv4 addresses for guests. On each host that runs guests in it, those guests share a bridge and reach each other; with `outside` they also reach the outside of that host. Guests on different hosts do not reach each other through it. It carries IPv4 only; each guest is told its address by DHCP.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["createNetwork"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/networks/{networkId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a network
         * @description Needs the role viewer.
         */
        get: operations["getNetwork"];
        put?: never;
        post?: never;
        /**
         * Delete a network that no VM has a NIC in
         * @description Needs the role operator and a token without a scope.
         */
        delete: operations["deleteNetwork"];
        options?: never;
        head?: never;
        /**
         * Change a network's labels
         * @description What guests see of it does not change; make another network instead.
         *
         *     Needs the role operator and a token without a scope.
         */
        patch: operations["updateNetwork"];
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List operations, newest first
         * @description Needs the role viewer.
         */
        get: operations["listOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{operationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an operation, or wait for its end
         * @description Needs the role viewer.
         */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/{operationId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an operation back
         * @description Possible while it is `pending`: its host has not been told of it. A drain can be taken back until its end: no more VMs are asked. A `migrate` can until its guest, saved, has left its host.
         *
         *     Needs the role operator.
         */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/preflights": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List preflights, newest first
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listPreflights"];
        put?: never;
        /**
         * Ask what another kernel on hosts would show to their guests
         * @description A verdict on every VM that is on the hosts: whether it keeps its pin, could not start, would be shown something else, or could not go on from hibernation. Changes nothing; the answer is kept for 90 days.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["createPreflight"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/preflights/{preflightId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a preflight
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getPreflight"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/psci-policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the fleet policies, oldest first
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listPsciPolicies"];
        put?: never;
        /**
         * Create a fleet policy
         * @description It decides at the next cold boot of each VM that it selects and that inherits its pin; no running or hibernated guest sees a change. With `dryRun` nothing is changed, and the answer lists the VMs whose next boot would have another version and the hosts that could no longer run them; `limit` and `pageToken` page through the VMs.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["createPsciPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/psci-policies/{policyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a fleet policy
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getPsciPolicy"];
        put?: never;
        post?: never;
        /**
         * Delete a fleet policy
         * @description With `dryRun` nothing is changed, and the answer lists the VMs whose next boot would have another version and the hosts that could no longer run them; `limit` and `pageToken` page through the VMs.
         *
         *     Needs the role operator and a token without a scope.
         */
        delete: operations["deletePsciPolicy"];
        options?: never;
        head?: never;
        /**
         * Change a fleet policy
         * @description A merge patch (RFC 7396) that makes a new revision. `If-Match` is needed, so that nobody overwrites what they have not seen; a dry run does without. With `dryRun` nothing is changed, and the answer lists the VMs whose next boot would have another version and the hosts that could no longer run them; `limit` and `pageToken` page through the VMs.
         *
         *     Needs the role operator and a token without a scope.
         */
        patch: operations["updatePsciPolicy"];
        trace?: never;
    };
    "/v1/psci-policies/{policyId}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a fleet policy has said, newest first
         * @description Those of a deleted policy stay, since pins and events name them.
         *
         *     Needs the role viewer and a token without a scope.
         */
        get: operations["listPsciPolicyRevisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/psci/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a guest would see change between two versions, or between two hosts
         * @description By `from` and `to`, two versions as Linux is known to answer at them; or by `version`, `fromHostId` and `toHostId`, one version as the two hosts were measured to answer at it.
         *
         *     Needs the role viewer and a token without a scope.
         */
        get: operations["diffPsciVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/psci/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the PSCI versions, oldest first
         * @description With what each brings, what changes by it, and the guests known to break at it.
         *
         *     Needs the role viewer.
         */
        get: operations["listPsciVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rollouts, newest first
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listRollouts"];
        put?: never;
        /**
         * Move VMs to another pin in waves
         * @description The VMs that the selector matches now, in the order of their creation. Each changes at a cold boot only. VMs that are hibernated, or may be, and those that go on from a snapshot are skipped and listed.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["createRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{rolloutId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a rollout
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["getRollout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{rolloutId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a rollout has done, newest first
         * @description Beside them, the guests' own events have the initiator `policy`, and the operations `requestedBy` `rollout:<id>`.
         *
         *     Needs the role viewer and a token without a scope.
         */
        get: operations["listRolloutEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{rolloutId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin with no more VMs
         * @description What is under way goes on: a VM that was stopped is started, and judged.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["pauseRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{rolloutId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a paused rollout
         * @description Needs the role operator and a token without a scope.
         */
        post: operations["resumeRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{rolloutId}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give every VM back what it had
         * @description VMs that were changed go back at a cold boot: at once with `restart`, else at their next one. Also of a rollout that has succeeded. A request that somebody else has changed since stands.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["rollBackRollout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rollouts/{rolloutId}/vms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the VMs of a rollout, with the state of each
         * @description Needs the role viewer and a token without a scope.
         */
        get: operations["listRolloutVms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a person signs in
         * @description Besides with a token of this API: through which OpenID Connect issuer, and as which client.
         *
         *     Open to everybody.
         */
        get: operations["getSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API tokens, oldest first
         * @description Needs the role admin and a token without a scope.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Create an API token
         * @description The secret is in this answer and nowhere else.
         *
         *     Needs the role admin and a token without a scope.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an API token
         * @description Needs the role admin and a token without a scope.
         */
        get: operations["getToken"];
        put?: never;
        post?: never;
        /**
         * Revoke an API token
         * @description It is refused from the next request on.
         *
         *     Needs the role admin and a token without a scope.
         */
        delete: operations["deleteToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List VMs, oldest first
         * @description Needs the role viewer.
         */
        get: operations["listVms"];
        put?: never;
        /**
         * Create a VM
         * @description With `"powerState": "running"` it is also started, as soon as a host can take it: until then its phase is `pending` and `reason` says why. The header `Operation-Location` names that start. With `snapshotId` its first start goes on from the snapshot: hardware and firmware come from there, and a contradiction is refused.
         *
         *     Needs the role operator.
         */
        post: operations["createVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a VM
         * @description Needs the role viewer.
         */
        get: operations["getVm"];
        put?: never;
        post?: never;
        /**
         * Delete a VM and its disks
         * @description Its events stay. Asking again answers with the same operation.
         *
         *     Needs the role operator.
         */
        delete: operations["deleteVm"];
        options?: never;
        head?: never;
        /**
         * Change a VM
         * @description A merge patch (RFC 7396), all or nothing. `vcpus`, `memoryMiB`, `cmdline` and `onGuest` can change while the VM is off; `psci` while it is off and has not hibernated. A change of `powerState` begins an operation, named by the header `Operation-Location`.
         *
         *     Needs the role operator.
         */
        patch: operations["updateVm"];
        trace?: never;
    };
    "/v1/vms/{vmId}/console": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A VM's serial console
         * @description The newest 4 MiB of a boot, for the newest 16 boots of the VM; the header `x-console-offset` says how many bytes before them are no longer kept. An upgrade to a WebSocket (subprotocol `holdfast.console.v1`) streams the output in binary messages and types what the client sends, which needs the role operator. A browser offers `holdfast.bearer.<token>` as a second subprotocol.
         *
         *     Needs the role viewer.
         */
        get: operations["getConsole"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a VM's events
         * @description Those of a deleted VM can still be read.
         *
         *     Needs the role viewer.
         */
        get: operations["listVmEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a VM's events
         * @description Server-sent events: `id` is the cursor, `data` the event as JSON. Begins with what happens from now on, or after `Last-Event-ID` or `after`. A quiet stream sends a comment every 15 s, with the `id` to resume from. One whose reader takes nothing for 30 s ends with an event named `reader-too-slow`; resume it like any other that ended.
         *
         *     Needs the role viewer.
         */
        get: operations["streamVmEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/hibernate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the guest to hibernate
         * @description Presses the suspend key; the guest needs a place to hibernate to. Below PSCI 1.3 a guest cannot say that it hibernates: the operation carries a `note`, succeeds when the guest is off, and `hibernation` is `unknown`.
         *
         *     Needs the role operator.
         */
        post: operations["hibernateVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/kill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a VM without asking its guest
         * @description Always possible while the VM has a run; takes the place of any open operation.
         *
         *     Needs the role operator.
         */
        post: operations["killVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/migrate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a VM to another host
         * @description A guest that runs is paused, saved with its disks and its firmware, and goes on on the other host under the same pin, in a boot of its own (`restored`, then `migrated`); what lies between is none of its time. A VM that is off is moved with its disks. Until the guest is whole in the store and a host is found, a failure or a cancel lets it go on where it is. A host that refuses it then fails the operation, and the VM goes on on the next one that accepts, its former host among them.
         *
         *     Needs the role operator.
         */
        post: operations["migrateVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a VM's CPUs
         * @description Its memory stays.
         *
         *     Needs the role operator.
         */
        post: operations["pauseVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/psci": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Explain a VM's pin
         * @description Every candidate for the next boot, the one that wins, and why; and whether the pin can change.
         *
         *     Needs the role viewer.
         */
        get: operations["explainVmPsci"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a VM without asking its guest
         * @description A new boot, with the same pin.
         *
         *     Needs the role operator.
         */
        post: operations["resetVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused VM's CPUs go on
         * @description Needs the role operator.
         */
        post: operations["resumeVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a VM's snapshots, oldest first
         * @description Also those of a VM that is deleted.
         *
         *     Needs the role viewer.
         */
        get: operations["listSnapshots"];
        put?: never;
        /**
         * Save a guest
         * @description Memory, CPUs, devices and disks as they are at one instant. A guest that runs stands still for that instant and goes on while it is written; one that is paused stays so. The operation names the `snapshotId`; the snapshot is there once it has succeeded. A save that fails (`DISK_FULL`) does not concern the guest.
         *
         *     Needs the role operator.
         */
        post: operations["createSnapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/snapshots/{snapshotId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a snapshot
         * @description Needs the role viewer.
         */
        get: operations["getSnapshot"];
        put?: never;
        post?: never;
        /**
         * Delete a snapshot that no VM waits to go on from
         * @description Its file goes with it. VMs that went on from it keep what they have.
         *
         *     Needs the role operator.
         */
        delete: operations["deleteSnapshot"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a VM
         * @description Chooses a host and resolves the pin. A hibernated VM resumes, under the pin it had.
         *
         *     Needs the role operator.
         */
        post: operations["startVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vms/{vmId}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the guest to power off
         * @description Presses the power key. Succeeds when the guest is off; fails with `GUEST_DID_NOT_RESPOND` after the timeout, unless `force` ends the VM then.
         *
         *     Needs the role operator.
         */
        post: operations["stopVm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks, oldest first
         * @description Needs the role operator and a token without a scope.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Have events sent to a URL
         * @description From now on each event is POSTed as Standard Webhooks has it: `{ type, timestamp, data }` with the event as `data`, signed with the secret in this answer, in the order of each VM, at least once, and again after 5 s, 1 min, 5 min, 30 min, 2 h, 8 h and 24 h where the receiver does not answer 2xx within 15 s.
         *
         *     Needs the role admin and a token without a scope.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description Needs the role operator and a token without a scope.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description What it has not been sent is not sent any more.
         *
         *     Needs the role admin and a token without a scope.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description A merge patch (RFC 7396). `kinds` and `labels` decide for events that have no delivery yet; another `url`, or `enabled` where it was not, has what waits sent at once.
         *
         *     Needs the role admin and a token without a scope.
         */
        patch: operations["updateWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a webhook's deliveries, newest first
         * @description Delivered ones are kept for 7 days, given up ones for 30.
         *
         *     Needs the role operator and a token without a scope.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a delivery
         * @description Needs the role operator and a token without a scope.
         */
        get: operations["getWebhookDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries/{deliveryId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again, or now
         * @description With the same `webhook-id`, and with all its tries before it. One that was delivered or given up is sent out of its VM's order.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["resendWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook another secret
         * @description Both sign for `overlapSeconds`, so that the receiver can change over. One from before ends now.
         *
         *     Needs the role admin and a token without a scope.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook a message of the type webhook.test
         * @description Read the delivery to see what became of it. It is tried again as those of events are.
         *
         *     Needs the role operator and a token without a scope.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell who asks, and what they may do
         * @description Needs the role viewer.
         */
        get: operations["getWhoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AuditEntry: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            /** @description The token's name and, in brackets, its id. */
            actor: string;
            address: string;
            method: string;
            path: string;
            status: number | null;
            code: string | null;
            /** Format: uuid */
            requestId: string;
            override: string | null;
            /** @description What the request changed, in order; `before` is null for what it made, `after` for what it removed. Work that it began goes on later and is told by the operation and the events. */
            changes: {
                /** @description What kind of resource: vm, host, token… */
                resource: string;
                resourceId: string;
                before: {
                    [key: string]: unknown;
                } | null;
                after: {
                    [key: string]: unknown;
                } | null;
            }[];
        };
        Blob: {
            /** @description `sha256:` and 64 lower-case hexadecimal digits. */
            digest: string;
            sizeBytes: number;
            /** Format: date-time */
            createdAt: string;
        };
        CreatedEnrolmentToken: {
            /** Format: uuid */
            id: string;
            labels: {
                [key: string]: string;
            };
            hostId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            /** @description The secret. It is shown this once, and one host can enrol with it. */
            token: string;
        };
        CreatedToken: {
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @description Each may do what the ones before it may.
             * @enum {unknown}
             */
            role: "viewer" | "operator" | "admin";
            /** @description Labels that a VM must have for the token to reach it, with its events, operations, snapshots and console; without any it reaches everything. */
            scope: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            lastUsedAt: string | null;
            /** @description The secret. It is shown this once. */
            token: string;
        };
        Drain: {
            operation: components["schemas"]["Operation"];
            action: ("stop" | "hibernate" | "restart" | "migrate") | null;
            timeoutSeconds: number | null;
            force: boolean;
            vms: {
                /** Format: uuid */
                vmId: string;
                name: string;
                /** @enum {unknown} */
                action: "stop" | "hibernate" | "restart" | "migrate";
                /**
                 * @description `asked`: its request is open; `stopped`, `hibernated`; `moved`: goes on or started on another host, or is to; `ended` by others; `left`: it runs on.
                 * @enum {unknown}
                 */
                state: "asked" | "stopped" | "hibernated" | "moved" | "ended" | "left";
                why: string | null;
                operationId: string | null;
                returnedAt: string | null;
            }[];
        };
        DriftedVm: {
            /** Format: uuid */
            vmId: string;
            name: string;
            hostId: string | null;
            psciVersion: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
            next: {
                /** @enum {unknown} */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                source: string;
            } | null;
            /** @description Of `next`. */
            why: string;
            /** @description Hosts that accept `psciVersion`, of those that are not lost. */
            acceptingHosts: number;
        };
        /** @description A fact about a VM. It never changes. */
        Event: {
            /** Format: uuid */
            id: string;
            /** @description Its place in the log, for `after`. */
            cursor: string;
            /** Format: uuid */
            vmId: string;
            /** Format: uuid */
            hostId: string;
            /** Format: uuid */
            runId: string;
            /** Format: uuid */
            bootId: string;
            /** @description Counts the events of one run, from 1. */
            sequence: number;
            /** @enum {unknown} */
            kind: "started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost";
            /**
             * @description Who asked for it. `unknown` where that cannot be told.
             * @enum {unknown}
             */
            initiator: "guest" | "operator" | "policy" | "host" | "unknown";
            intentId: string | null;
            psci: {
                /** @enum {unknown} */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                function: string | null;
                type: number | null;
                cookie: number | null;
            } | null;
            hibernation: ("yes" | "no" | "unknown") | null;
            kvm: {
                type: number;
                data: string[];
            } | null;
            reason: string | null;
            snapshot: {
                digest: string;
                sizeBytes: number;
                /** @description How long the guest stood still. */
                pauseMilliseconds: number;
            } | null;
            pin: {
                /** @enum {unknown} */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /** @description `vm`, `policy:<id>`, `default`, `sticky` or `latest`. */
                source: string;
                policyRevision: number | null;
                why: string;
            } | null;
            migration: {
                /** Format: uuid */
                fromHostId: string;
                /** Format: uuid */
                toHostId: string;
            } | null;
            /**
             * Format: date-time
             * @description When it happened, by its host's clock.
             */
            observedAt: string;
            /** Format: date-time */
            recordedAt: string;
        };
        Fingerprint: {
            digest: string;
            /** @description Which calls were made. Digests of different suites cannot be compared. */
            suite: number;
            /** @description Every kernel that it was measured on. */
            kernels: string[];
            /** @description Hosts that answer so now. */
            hosts: number;
            /** Format: date-time */
            createdAt: string;
            /** @description Oldest first. */
            versions: {
                /** @enum {unknown} */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                digest: string;
                answers: {
                    [key: string]: string;
                };
                systemSuspend: {
                    [key: string]: string;
                } | null;
                services: {
                    [key: string]: string;
                };
            }[];
            /** @description From what Linux is known to answer. */
            differences: components["schemas"]["FingerprintDifference"][];
        };
        FingerprintDifference: {
            /** @enum {unknown} */
            version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            /**
             * @description `answers`: to every guest at the version. `systemSuspend`: to a guest with SYSTEM_SUSPEND. `services`: of what the CPU and the firmware registers decide, which are recorded with each VM.
             * @enum {unknown}
             */
            group: "answers" | "systemSuspend" | "services";
            /** @description The function, 32 or 64 bits, and how it was called. */
            call: string;
            before: string;
            after: string;
            /** @description The difference as a sentence. */
            description: string;
            /** @description What was answered is refused, or does not come back. */
            worse: boolean;
        };
        FingerprintSummary: {
            digest: string;
            /** @description Which calls were made. Digests of different suites cannot be compared. */
            suite: number;
            /** @description Every kernel that it was measured on. */
            kernels: string[];
            /** @description Hosts that answer so now. */
            hosts: number;
            /** Format: date-time */
            createdAt: string;
            /** @description By version: of what every guest at it is answered. Hosts with one digest answer alike. */
            versions: {
                [key: string]: string;
            };
            /** @description From what Linux is known to answer. */
            differences: number;
            /** @description Among them is a call that is refused, or does not come back, and should be answered. */
            worse: boolean;
        };
        /** @description The interface recorded with the VM, which every later boot gets: the firmware registers of its first boot (null where that host's kernel had none) and what follows from its pin and its vCPUs. Null before the first boot. */
        Firmware: {
            /** @enum {unknown} */
            psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            /** @description The vCPU feature KVM_ARM_VCPU_PSCI_0_2; off for PSCI 0.1 alone. */
            psci02: boolean;
            /** @description The guest has SYSTEM_SUSPEND. */
            systemSuspend: boolean;
            registers: {
                SMCCC_ARCH_WORKAROUND_1: string | null;
                SMCCC_ARCH_WORKAROUND_2: string | null;
                SMCCC_ARCH_WORKAROUND_3: string | null;
                STD_BMAP: string | null;
                STD_HYP_BMAP: string | null;
                VENDOR_HYP_BMAP: string | null;
                VENDOR_HYP_BMAP_2: string | null;
            };
            /** @description `compatible` of the device tree's /psci. */
            psciCompatible: string[];
            /** @description The affinity by which the guest names each vCPU. */
            mpidrs: number[];
            /** @description What the guest reads of its CPUs: their feature ID registers; what is left out is 0. A guest that goes on after a hibernation or out of a snapshot gets the same again. */
            idRegisters?: {
                [key: string]: string;
            };
        };
        FleetSummary: {
            vms: {
                total: number;
                byPhase: {
                    [key: string]: number;
                };
                /** @description By the pin of the current or next boot; `unresolved` where only a host decides. */
                byPsciVersion: {
                    [key: string]: number;
                };
                /** @description Whose pin is another than their policy would give at a cold boot on their present host. */
                drifted: number;
                /** @description By pin and kernel, both oldest first. A pair that no VM has and no host could give is left out. */
                matrix: {
                    psciVersion: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                    kernel: string | null;
                    vms: number;
                    /** @description Hosts with this kernel that accept the version, of those that are not lost. */
                    acceptingHosts: number;
                }[];
            };
            hosts: {
                total: number;
                byKernel: {
                    [key: string]: number;
                };
                byLease: {
                    active: number;
                    expired: number;
                };
                cordoned: number;
                simulated: number;
                byPsciAccepted: {
                    [key: string]: number;
                };
            };
            /** @description What a kernel upgrade would move, or could. */
            drift: {
                /** @description VMs that take the newest version of their host at each cold boot, by themselves or by a fleet policy. */
                latest: number;
                /** @description VMs whose pin fewer than two hosts accept, of those that are not lost. */
                thinlyAccepted: number;
                /** @description Hosts that answer PSCI calls otherwise than they did in their boot before. */
                fingerprintChanged: number;
            };
        };
        Host: {
            /** Format: uuid */
            id: string;
            name: string;
            labels: {
                [key: string]: string;
            };
            agentVersion: string;
            /** @description `uname -r`. */
            kernel: string;
            /** Format: uuid */
            bootId: string;
            psci: {
                /** @description What its KVM takes, oldest first. */
                accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                /** @enum {unknown} */
                default: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            };
            fingerprint: {
                digest: string;
                /** Format: date-time */
                takenAt: string;
                /** @description By version: of what every guest at it is answered. Hosts with one digest answer alike. */
                versions: {
                    [key: string]: string;
                };
                /** @description From what Linux is known to answer. */
                differences: number;
                /** @description Among them is a call that is refused, or does not come back, and should be answered. */
                worse: boolean;
                /** @description It is another than that of the kernel that the host had before, by the same calls. */
                changed: boolean;
            } | null;
            capacity: {
                vcpus: number;
                memoryMiB: number;
            };
            /** @description Held by the VMs that have a run here. */
            allocated: {
                vcpus: number;
                memoryMiB: number;
            };
            /** @description VMs that are bound to it, running or not. */
            vms: number;
            /** @description Takes no new runs. */
            cordoned: boolean;
            /** @description Its driver only simulates guests. */
            simulated: boolean;
            lease: {
                /** @enum {unknown} */
                state: "active" | "expired";
                /** Format: date-time */
                expiresAt: string;
            };
            /** Format: date-time */
            lastSeenAt: string;
            lostAt: string | null;
            credentialRevokedAt: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        HostFingerprint: {
            /** Format: uuid */
            hostId: string;
            /** Format: uuid */
            bootId: string;
            /** @description `uname -r`. */
            kernel: string;
            /** Format: date-time */
            takenAt: string;
            digest: string;
            /** @description Which calls were made. Digests of different suites cannot be compared. */
            suite: number;
            /** @description Oldest first. */
            versions: {
                /** @enum {unknown} */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                digest: string;
                answers: {
                    [key: string]: string;
                };
                systemSuspend: {
                    [key: string]: string;
                } | null;
                services: {
                    [key: string]: string;
                };
            }[];
            /** @description From what Linux is known to answer. */
            differences: components["schemas"]["FingerprintDifference"][];
            previous: {
                /** Format: uuid */
                bootId: string;
                /** @description `uname -r`. */
                kernel: string;
                /** Format: date-time */
                takenAt: string;
                digest: string;
                /** @description Which calls were made. Digests of different suites cannot be compared. */
                suite: number;
            } | null;
            /** @description Since `previous`, the boot before that was measured, at the versions that both accept. */
            changes: components["schemas"]["FingerprintDifference"][];
        };
        Image: {
            /** Format: uuid */
            id: string;
            /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
            name: string;
            /** @description `sha256:` and 64 lower-case hexadecimal digits. */
            kernel: string;
            initramfs: string | null;
            /** @description The kernel command line, printable ASCII. */
            cmdline: string;
            kernelVersion: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        Maintenance: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            hostId: string;
            /**
             * @description `draining`, `awaitingReboot`, `checking` what the new kernel accepts and answers; `differs`: it waits to be acknowledged; `completed`: the host takes runs again; `cancelled`: it stays cordoned.
             * @enum {unknown}
             */
            status: "draining" | "awaitingReboot" | "checking" | "differs" | "completed" | "cancelled";
            reason: string | null;
            preflightId: string | null;
            drainOperationId: string | null;
            before: {
                /** Format: uuid */
                bootId: string;
                kernel: string;
                accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                fingerprint: string | null;
            };
            after: {
                /** Format: uuid */
                bootId: string;
                kernel: string;
                accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                fingerprint: string | null;
            } | null;
            findings: string[];
            acknowledgedBy: string | null;
            requestedBy: string;
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
        };
        Network: {
            /** Format: uuid */
            id: string;
            name: string;
            labels: {
                [key: string]: string;
            };
            /** @description An IPv4 range from /16 to /29 with no host bit set, such as `10.20.0.0/24`. No two networks overlap. */
            cidr: string;
            /** @description Whether guests reach the outside of their host, by NAT. Without it they reach the other guests on their host only. */
            outside: boolean;
            /** @description Each host's own address in it: the first of the range. */
            gateway: string;
            /** @description How many NICs of VMs have an address in it. */
            nics: number;
            /** Format: date-time */
            createdAt: string;
        };
        NewVm: {
            /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
            name: string;
            /** @default {} */
            labels?: {
                [key: string]: string;
            };
            vcpus?: number;
            /** @description Guest memory, in MiB. */
            memoryMiB?: number;
            /** Format: uuid */
            imageId?: string;
            /**
             * Format: uuid
             * @description Its first start goes on from this snapshot. Hardware, image and firmware come from there: `vcpus`, `memoryMiB`, `imageId`, `disks` and `nics` may be left out, and are needed without it as far as they have no default. A NIC may be put into another network.
             */
            snapshotId?: string;
            /** @description With `snapshotId`: go on without CPU registers that a host lacks, where they were at their default. Audited. */
            skipAbsentRegisters?: boolean;
            /** @description Appended to the image's command line. */
            cmdline?: string;
            disks?: {
                /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                name: string;
                sizeMiB: number;
                /** @default false */
                readOnly?: boolean;
            }[];
            nics?: {
                /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                name: string;
                mac?: string | null;
                /**
                 * @description A network's name.
                 * @default default
                 */
                network?: string;
            }[];
            /** @description Sockets between the guest and its host, without a network; needs the module vhost_vsock on the host. */
            vsock?: boolean;
            /**
             * @description A version alone means the policy `pinned`.
             * @default {}
             */
            psci?: {
                /**
                 * @description `pinned`: the given version. `sticky`: what the first host has, then kept. `latest`: the newest of the host, at every cold boot; upgrades silently. `inherit`: the fleet decides, by its policies and else its default.
                 * @enum {unknown}
                 */
                policy?: "inherit" | "sticky" | "latest" | "pinned";
                version?: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                /** @description 0.1 and 0.2 hide the SMCCC 1.1 mitigations from guests; they need this. */
                allowInsecure?: boolean;
                /** @description Lets the VM start on a host whose kernel lacks a firmware register that the guest was recorded with, where the register was as a kernel starts it. Otherwise such a start is refused with FIRMWARE_REGISTER_MISSING. */
                allowMissingRegisters?: boolean;
                /** @description The guest may suspend itself (PSCI SYSTEM_SUSPEND, from 1.0 on): the VM is paused then, and `resume` wakes it. */
                systemSuspend?: boolean;
            };
            /** @default {} */
            onGuest?: {
                /** @enum {unknown} */
                poweroff?: "stop" | "restart";
                /** @enum {unknown} */
                reset?: "restart" | "stop";
                /** @enum {unknown} */
                crash?: "stop" | "restart";
            };
            /** @default {} */
            hostSelector?: {
                [key: string]: string;
            };
            /**
             * @description What a drain of its host does with it: its guest is asked to power off or to hibernate, and comes back when the host takes runs again; or it is restarted on another host, which only a VM without disks can be; or `migrate` moves it to another host with its memory and disks.
             * @default stop
             * @enum {unknown}
             */
            onDrain?: "stop" | "hibernate" | "restart" | "migrate";
            /**
             * @description `running` also starts it.
             * @default stopped
             * @enum {unknown}
             */
            powerState?: "running" | "stopped";
        };
        Operation: {
            /** Format: uuid */
            id: string;
            /** @enum {unknown} */
            kind: "start" | "stop" | "kill" | "pause" | "resume" | "reset" | "hibernate" | "snapshot" | "delete" | "drain" | "migrate";
            vmId: string | null;
            hostId: string | null;
            /**
             * @description `pending` until its host has been told; then `running` until it has ended.
             * @enum {unknown}
             */
            status: "pending" | "running" | "succeeded" | "failed" | "cancelled";
            error: components["schemas"]["Problem"] | null;
            note: string | null;
            progress: {
                total: number;
                done: number;
            } | null;
            snapshotId: string | null;
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
            requestedBy: string;
        };
        /** @description What a change of kernels would show to guests, as of its time. It never changes. */
        Preflight: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            createdAt: string;
            requestedBy: string;
            request: {
                /**
                 * Format: uuid
                 * @description The host that is to change.
                 */
                hostId?: string;
                /** @description Labels of the hosts that are to change; `{}` takes all. This or `hostId`. */
                hostSelector?: {
                    [key: string]: string;
                };
                target: {
                    /**
                     * @description A kernel whose newest version is this one.
                     * @enum {unknown}
                     */
                    version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                    /**
                     * Format: uuid
                     * @description A kernel like that of this host.
                     */
                    hostId?: string;
                    /** @description A kernel with this fingerprint; any that a host of the fleet has or had. */
                    fingerprint?: string;
                };
            };
            target: {
                description: string;
                accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                /** @enum {unknown} */
                default: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                fingerprint: string | null;
            };
            counts: {
                keeps: number;
                seesChange: number;
                cannotStart: number;
                cannotResume: number;
            };
            hosts: {
                /** Format: uuid */
                hostId: string;
                name: string;
                kernel: string;
                counts: {
                    keeps: number;
                    seesChange: number;
                    cannotStart: number;
                    cannotResume: number;
                };
            }[];
            /** @description Every VM that is on the hosts, running or not. */
            vms: {
                /** Format: uuid */
                vmId: string;
                name: string;
                /** Format: uuid */
                hostId: string;
                /**
                 * @description `keeps`: the same version, answered the same as far as that was measured. `seesChange`: it starts, and its guest is shown another version or other answers. `cannotStart`: its next boot cannot be had there. `cannotResume`: its guest hibernated, or may have, or goes on from a snapshot, and cannot go on there.
                 * @enum {unknown}
                 */
                verdict: "keeps" | "seesChange" | "cannotStart" | "cannotResume";
                from: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                to: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                code: string | null;
                reason: string;
                differences: string | null;
                /** @description It has disks on its host, and can start nowhere else. */
                bound: boolean;
            }[];
            /** @description What guests would see change, each told once. */
            differences: {
                id: string;
                /** @enum {unknown} */
                from: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /** @enum {unknown} */
                to: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /** @description Each difference as a sentence. */
                words: string[];
                /** @description Guests known to break by it. */
                breaks: string[];
            }[];
        };
        PreflightSummary: {
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            createdAt: string;
            requestedBy: string;
            request: {
                /**
                 * Format: uuid
                 * @description The host that is to change.
                 */
                hostId?: string;
                /** @description Labels of the hosts that are to change; `{}` takes all. This or `hostId`. */
                hostSelector?: {
                    [key: string]: string;
                };
                target: {
                    /**
                     * @description A kernel whose newest version is this one.
                     * @enum {unknown}
                     */
                    version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                    /**
                     * Format: uuid
                     * @description A kernel like that of this host.
                     */
                    hostId?: string;
                    /** @description A kernel with this fingerprint; any that a host of the fleet has or had. */
                    fingerprint?: string;
                };
            };
            target: {
                description: string;
                accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                /** @enum {unknown} */
                default: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                fingerprint: string | null;
            };
            counts: {
                keeps: number;
                seesChange: number;
                cannotStart: number;
                cannotResume: number;
            };
        };
        /** @description An error, as RFC 9457 has it. */
        Problem: {
            /** @description Always `about:blank`: `code` tells the kinds of problems apart. */
            type: string;
            /** @description The same for every occurrence of the code. */
            title: string;
            status: number;
            /** @description What is wrong with this request and what to do next. */
            detail: string;
            /** @description Stable; match on this. */
            code: string;
            /** @description Names the request in the log. */
            requestId?: string;
            /** @description Where the request is wrong, when it can be said where: every place, when it does not match its schema. */
            errors?: {
                /** @description JSON pointer (RFC 6901) to the member. */
                pointer: string;
                detail: string;
            }[];
            /** @description With `CONSOLE_OFFSET`: where the stored output ends. */
            expectedOffset?: number;
            /** @description Why no host can take a VM. */
            placement?: {
                /** @description All there are. */
                hosts: number;
                /** @description Each host once, under the first of elsewhere, silent, cordoned, selector, memory, vcpus, psci, suspend, firmware that keeps the VM off it. */
                reasons: {
                    [key: string]: number;
                };
                /** @description What would let the VM start, each by itself. */
                help: string[];
            };
        };
        PsciDiff: {
            /** @enum {unknown} */
            from: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            /** @enum {unknown} */
            to: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            /** @description Functions that were refused in every way. */
            appear: string[];
            /** @description Functions that are now refused in every way. */
            vanish: string[];
            /** @description Every answer that differs. */
            changes: {
                function: string;
                /** @description How it is called; empty when there is one way only. */
                when: string;
                before: string;
                after: string;
                description: string;
                /** @description Kernel file or section of the specification (DEN0022), or the two hosts that were measured. */
                source: string;
            }[];
            /** @description Of the device tree node `/psci`. */
            compatible: {
                before: string[];
                after: string[];
            };
            /** @description What guests do differently. */
            consequences: {
                /** @enum {unknown} */
                since: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                description: string;
                /** @description Kernel file or section of the specification (DEN0022), or the two hosts that were measured. */
                source: string;
            }[];
            /** @description Guests known to break at `to` and not at `from`. */
            breaks: {
                guest: string;
                breaksAt: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                symptom: string;
                source: string;
            }[];
        };
        /** @description Which pin the VMs get that inherit theirs (`psci.policy` is `inherit`). */
        PsciPolicy: {
            /** Format: uuid */
            id: string;
            /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
            name: string;
            /** @description Labels that a VM must have, all of them; `{}` selects every VM. */
            selector: {
                [key: string]: string;
            };
            /**
             * @description A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; `latest`: the newest of the host, at every cold boot.
             * @enum {unknown}
             */
            version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3" | "sticky" | "latest";
            /** @description Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must differ in it. */
            priority: number;
            /**
             * @description `audit`: listed with what it would give, and never applied.
             * @enum {unknown}
             */
            enforcement: "enforce" | "audit";
            /** @description Its ETag, too. A revision never changes. */
            revision: number;
            /** @description Who made this revision. */
            changedBy: string;
            /** Format: date-time */
            changedAt: string;
            /** @description VMs that it selects. */
            vms: number;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description What the request would do. It has changed nothing. */
        PsciPolicyDryRun: {
            /** @enum {boolean} */
            dryRun: true;
            before: {
                /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                name: string;
                /** @description Labels that a VM must have, all of them; `{}` selects every VM. */
                selector: {
                    [key: string]: string;
                };
                /**
                 * @description A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; `latest`: the newest of the host, at every cold boot.
                 * @enum {unknown}
                 */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3" | "sticky" | "latest";
                /** @description Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must differ in it. */
                priority: number;
                /**
                 * @description `audit`: listed with what it would give, and never applied.
                 * @enum {unknown}
                 */
                enforcement: "enforce" | "audit";
                revision: number;
            } | null;
            after: {
                /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                name: string;
                /** @description Labels that a VM must have, all of them; `{}` selects every VM. */
                selector: {
                    [key: string]: string;
                };
                /**
                 * @description A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; `latest`: the newest of the host, at every cold boot.
                 * @enum {unknown}
                 */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3" | "sticky" | "latest";
                /** @description Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must differ in it. */
                priority: number;
                /**
                 * @description `audit`: listed with what it would give, and never applied.
                 * @enum {unknown}
                 */
                enforcement: "enforce" | "audit";
                revision: number;
            } | null;
            vms: {
                /** @description VMs that the policy selects, before or after. */
                selected: number;
                /** @description Whose next boot would have another version. */
                changing: number;
                /** @description Who would change, but whose guest hibernated, or may have, or goes on from a snapshot: their next boot keeps its pin. */
                kept: number;
                /** @description Of the changing ones those whose new version no host accepts that they could start on. */
                unplaceable: number;
                /** @description The changing ones, one page of them. */
                items: {
                    /** Format: uuid */
                    vmId: string;
                    name: string;
                    hostId: string | null;
                    effective: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                    from: {
                        version: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                        source: string | null;
                    };
                    to: {
                        version: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                        source: string | null;
                    };
                    why: string;
                    /** @description Hosts that accept the new version, and that it could start on. */
                    acceptedBy: number;
                }[];
                nextPageToken: string | null;
            };
            hosts: {
                /** @description Hosts that could run changing VMs before and could not any more. */
                affected: number;
                /** @description By what VMs would change to: how many, and how many hosts accept it or do not. */
                versions: {
                    /** @enum {unknown} */
                    version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                    vms: number;
                    accepting: number;
                    refusing: number;
                }[];
                /** @description At most `limit` of them, those with the most VMs first. */
                items: {
                    /** Format: uuid */
                    hostId: string;
                    name: string;
                    kernel: string;
                    /** @description What it does not accept. */
                    versions: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                    /** @description Changing VMs that it could run no more. */
                    vms: number;
                    /** @description Those of them that are on it now. */
                    placed: number;
                }[];
            };
        };
        PsciPolicyRevision: {
            /** Format: uuid */
            id: string;
            /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
            name: string;
            /** @description Labels that a VM must have, all of them; `{}` selects every VM. */
            selector: {
                [key: string]: string;
            };
            /**
             * @description A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; `latest`: the newest of the host, at every cold boot.
             * @enum {unknown}
             */
            version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3" | "sticky" | "latest";
            /** @description Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must differ in it. */
            priority: number;
            /**
             * @description `audit`: listed with what it would give, and never applied.
             * @enum {unknown}
             */
            enforcement: "enforce" | "audit";
            /** @description Its ETag, too. A revision never changes. */
            revision: number;
            /** @description Who made this revision. */
            changedBy: string;
            /** Format: date-time */
            changedAt: string;
        };
        PsciVersionInfo: {
            /** @enum {unknown} */
            version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            /** @description Of KVM_REG_ARM_PSCI_VERSION, hexadecimal. */
            registerValue: string;
            /** @description Hides SMCCC 1.1 mitigations; a pin needs `allowInsecure`. */
            insecure: boolean;
            /** @description The guest can say that it hibernates (SYSTEM_OFF2). */
            hibernateDetection: boolean;
            /** @description What a VM gets when nothing else is asked for. */
            fleetDefault: boolean;
            /** @description Enrolled hosts whose KVM accepts it. */
            hosts: number;
            /** @description Of the device tree node `/psci`, newest first. */
            compatible: string[];
            /** @description That KVM answers at this version. */
            functions: {
                name: string;
                /** @description What a guest puts into w0, hexadecimal. */
                id32: string;
                id64: string | null;
                /**
                 * @description From here on KVM answers it.
                 * @enum {unknown}
                 */
                since: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            }[];
            /** @description That a guest can be answered by KVM at this version. */
            returnCodes: {
                name: string;
                value: number;
            }[];
            /** @description From the version before it. */
            changes: {
                description: string;
                /** @description Kernel file or section of the specification (DEN0022), or the two hosts that were measured. */
                source: string;
            }[];
            /** @description What guests do differently from this version on. */
            consequences: {
                description: string;
                /** @description Kernel file or section of the specification (DEN0022), or the two hosts that were measured. */
                source: string;
            }[];
            /** @description Guests known to break at it. */
            breaks: {
                guest: string;
                breaksAt: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                symptom: string;
                source: string;
            }[];
        };
        Rollout: {
            /** Format: uuid */
            id: string;
            name: string;
            selector: {
                [key: string]: string;
            };
            to: {
                /** @enum {unknown} */
                policy: "inherit" | "sticky" | "latest" | "pinned";
                version: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                allowInsecure: boolean;
            };
            /** @enum {unknown} */
            status: "running" | "paused" | "rollingBack" | "succeeded" | "rolledBack";
            reason: string | null;
            /** @description The wave that is under way, from 0. */
            wave: number;
            soakUntil: string | null;
            waves: {
                percent: number | null;
                count: number | null;
                soakSeconds: number;
                vms: number;
                /** @description How many VMs are in each state. */
                states: {
                    [key: string]: number;
                };
            }[];
            /** @description All, with those that were skipped. */
            vms: number;
            /** @description How many VMs are in each state. */
            states: {
                [key: string]: number;
            };
            failures: number;
            failureThreshold: number;
            maxUnavailable: number;
            restart: boolean;
            stopTimeoutSeconds: number;
            health: {
                bootTimeoutSeconds: number;
                upSeconds: number;
                probe: ({
                    http: {
                        url: string;
                        /** @description Default: any 2xx. */
                        status?: number;
                    };
                } | {
                    tcp: {
                        host: string;
                        port: number;
                    };
                }) | null;
            };
            requestedBy: string;
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
        };
        RolloutEvent: {
            /** Format: date-time */
            at: string;
            /** @enum {unknown} */
            kind: "created" | "waveStarted" | "waveDone" | "paused" | "resumed" | "halted" | "rollbackAsked" | "succeeded" | "rolledBack" | "vmSkipped" | "vmSet" | "vmArmed" | "vmStopAsked" | "vmStartAsked" | "vmChanged" | "vmBooted" | "vmHealthy" | "vmUnproven" | "vmFailed" | "vmRestored" | "vmReverted";
            vmId: string | null;
            vmName: string | null;
            operationId: string | null;
            detail: string;
        };
        RolloutVm: {
            /** Format: uuid */
            vmId: string;
            name: string;
            wave: number | null;
            /**
             * @description `waiting` for its turn, `armed` for its next cold boot, `stopping`, `booting`, `watching`, `healthy`; `set`: it was off, and its next start has the new pin; `unproven`: somebody stopped it; `skipped`: not touched; `reverting`, `returning`, `reverted`; `revertAtBoot`: goes back at its next cold boot.
             * @enum {unknown}
             */
            state: "waiting" | "armed" | "stopping" | "booting" | "watching" | "healthy" | "set" | "unproven" | "skipped" | "reverting" | "returning" | "reverted" | "revertAtBoot";
            why: string | null;
            failure: string | null;
            former: {
                /** @enum {unknown} */
                policy: "inherit" | "sticky" | "latest" | "pinned";
                version: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
            } | null;
            operationId: string | null;
            /** Format: date-time */
            since: string;
        };
        /** @description `oidc` null: with a token of this API only. */
        SignIn: {
            oidc: {
                /** @description Where its discovery document is found, as its tokens name it. */
                issuer: string;
                /** @description A public client: the authorization code flow with PKCE, no secret. */
                clientId: string;
                /** @description What to ask for, with spaces between. */
                scopes: string;
                /**
                 * @description Which of the tokens that the issuer gives this API takes: the one for its audience.
                 * @enum {unknown}
                 */
                bearer: "access_token" | "id_token";
            } | null;
        };
        /** @description A guest as it was at one instant, with its disks. */
        Snapshot: {
            /** Format: uuid */
            id: string;
            name: string | null;
            /**
             * Format: uuid
             * @description Whose guest it was; that VM may be deleted since.
             */
            vmId: string;
            vmName: string;
            /** Format: uuid */
            hostId: string;
            /** Format: uuid */
            bootId: string;
            /** @enum {unknown} */
            psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            firmware: {
                /** @enum {unknown} */
                psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /** @description The vCPU feature KVM_ARM_VCPU_PSCI_0_2; off for PSCI 0.1 alone. */
                psci02: boolean;
                /** @description The guest has SYSTEM_SUSPEND. */
                systemSuspend: boolean;
                registers: {
                    SMCCC_ARCH_WORKAROUND_1: string | null;
                    SMCCC_ARCH_WORKAROUND_2: string | null;
                    SMCCC_ARCH_WORKAROUND_3: string | null;
                    STD_BMAP: string | null;
                    STD_HYP_BMAP: string | null;
                    VENDOR_HYP_BMAP: string | null;
                    VENDOR_HYP_BMAP_2: string | null;
                };
                /** @description `compatible` of the device tree's /psci. */
                psciCompatible: string[];
                /** @description The affinity by which the guest names each vCPU. */
                mpidrs: number[];
                /** @description What the guest reads of its CPUs: their feature ID registers; what is left out is 0. A guest that goes on after a hibernation or out of a snapshot gets the same again. */
                idRegisters?: {
                    [key: string]: string;
                };
            };
            vcpus: number;
            memoryMiB: number;
            /** Format: uuid */
            imageId: string;
            cmdline: string;
            disks: {
                name: string;
                sizeMiB: number;
                readOnly: boolean;
            }[];
            nics: {
                name: string;
                mac: string;
                network: string;
            }[];
            vsock: boolean;
            /** @description Of its file. */
            digest: string;
            /** @description Of its file: compressed, without what is zero. */
            sizeBytes: number;
            /** @description How long the guest stood still. */
            pauseMilliseconds: number;
            /**
             * Format: date-time
             * @description By its host's clock.
             */
            savedAt: string;
            /** Format: date-time */
            createdAt: string;
            requestedBy: string;
        };
        Token: {
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @description Each may do what the ones before it may.
             * @enum {unknown}
             */
            role: "viewer" | "operator" | "admin";
            /** @description Labels that a VM must have for the token to reach it, with its events, operations, snapshots and console; without any it reaches everything. */
            scope: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            lastUsedAt: string | null;
        };
        Vm: {
            /** Format: uuid */
            id: string;
            name: string;
            labels: {
                [key: string]: string;
            };
            vcpus: number;
            memoryMiB: number;
            /** Format: uuid */
            imageId: string;
            cmdline: string;
            disks: {
                /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                name: string;
                sizeMiB: number;
                readOnly: boolean;
            }[];
            nics: {
                /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                name: string;
                /** @description Six hexadecimal bytes with colons between them; read back in lower case. */
                mac: string;
                /** @description The network's name. */
                network: string;
                /** @description The NIC's IPv4 address, its own while the VM exists; the guest is told it by DHCP. */
                address: string;
            }[];
            /** @description Sockets between the guest and its host, without a network; needs the module vhost_vsock on the host. */
            vsock: boolean;
            vsockCid: number | null;
            psci: {
                /**
                 * @description `pinned`: the given version. `sticky`: what the first host has, then kept. `latest`: the newest of the host, at every cold boot; upgrades silently. `inherit`: the fleet decides, by its policies and else its default.
                 * @enum {unknown}
                 */
                policy: "inherit" | "sticky" | "latest" | "pinned";
                /** @enum {unknown} */
                version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /** @description 0.1 and 0.2 hide the SMCCC 1.1 mitigations from guests; they need this. */
                allowInsecure: boolean;
                /** @description Lets the VM start on a host whose kernel lacks a firmware register that the guest was recorded with, where the register was as a kernel starts it. Otherwise such a start is refused with FIRMWARE_REGISTER_MISSING. */
                allowMissingRegisters: boolean;
                /** @description The guest may suspend itself (PSCI SYSTEM_SUSPEND, from 1.0 on): the VM is paused then, and `resume` wakes it. */
                systemSuspend: boolean;
                effective: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                source: string | null;
                policyRevision: number | null;
                why: string | null;
                pinnedAt: string | null;
                /** @description Whether a guest with this pin can say that it hibernates (SYSTEM_OFF2). */
                hibernateDetection: boolean;
                fingerprint: string | null;
            };
            firmware: components["schemas"]["Firmware"] | null;
            snapshotId: string | null;
            /** @description Whether its next start goes on from the snapshot. */
            restoring: boolean;
            onGuest: {
                /** @enum {unknown} */
                poweroff: "stop" | "restart";
                /** @enum {unknown} */
                reset: "restart" | "stop";
                /** @enum {unknown} */
                crash: "stop" | "restart";
            };
            hostSelector: {
                [key: string]: string;
            };
            /**
             * @description What a drain of its host does with it: its guest is asked to power off or to hibernate, and comes back when the host takes runs again; or it is restarted on another host, which only a VM without disks can be; or `migrate` moves it to another host with its memory and disks.
             * @enum {unknown}
             */
            onDrain: "stop" | "hibernate" | "restart" | "migrate";
            /**
             * @description What was asked for.
             * @enum {unknown}
             */
            powerState: "running" | "stopped";
            /**
             * @description What is known. `unknown`: its host is silent.
             * @enum {unknown}
             */
            phase: "pending" | "starting" | "running" | "paused" | "stopping" | "stopped" | "hibernating" | "hibernated" | "migrating" | "failed" | "unknown";
            reason: string | null;
            hibernation: ("yes" | "no" | "unknown") | null;
            hostId: string | null;
            bootId: string | null;
            /** @description Counts the changes of what is wanted. */
            generation: number;
            /** @description The last generation its host has acted on. */
            observedGeneration: number;
            deleting: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        VmPatch: {
            labels?: {
                [key: string]: string | null;
            } | null;
            hostSelector?: {
                [key: string]: string | null;
            } | null;
            /**
             * @description What a drain of its host does with it: its guest is asked to power off or to hibernate, and comes back when the host takes runs again; or it is restarted on another host, which only a VM without disks can be; or `migrate` moves it to another host with its memory and disks.
             * @enum {unknown}
             */
            onDrain?: "stop" | "hibernate" | "restart" | "migrate";
            vcpus?: number;
            /** @description Guest memory, in MiB. */
            memoryMiB?: number;
            cmdline?: string | null;
            onGuest?: {
                /** @enum {unknown} */
                poweroff?: "stop" | "restart";
                /** @enum {unknown} */
                reset?: "restart" | "stop";
                /** @enum {unknown} */
                crash?: "stop" | "restart";
            };
            /** @description A version alone means the policy `pinned`. */
            psci?: {
                /**
                 * @description `pinned`: the given version. `sticky`: what the first host has, then kept. `latest`: the newest of the host, at every cold boot; upgrades silently. `inherit`: the fleet decides, by its policies and else its default.
                 * @enum {unknown}
                 */
                policy?: "inherit" | "sticky" | "latest" | "pinned";
                version?: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                /** @description 0.1 and 0.2 hide the SMCCC 1.1 mitigations from guests; they need this. */
                allowInsecure?: boolean;
                /** @description Lets the VM start on a host whose kernel lacks a firmware register that the guest was recorded with, where the register was as a kernel starts it. Otherwise such a start is refused with FIRMWARE_REGISTER_MISSING. */
                allowMissingRegisters?: boolean;
                /** @description The guest may suspend itself (PSCI SYSTEM_SUSPEND, from 1.0 on): the VM is paused then, and `resume` wakes it. */
                systemSuspend?: boolean;
            };
            /**
             * @description Starts or stops the VM, as the actions do.
             * @enum {unknown}
             */
            powerState?: "running" | "stopped";
            /** @description Cannot change; the present value may be sent again. */
            name?: unknown;
            /** @description Cannot change; the present value may be sent again. */
            imageId?: unknown;
            /** @description Cannot change; the present value may be sent again. */
            disks?: unknown;
            /** @description Cannot change; the present value may be sent again. */
            nics?: unknown;
            /** @description Cannot change; the present value may be sent again. */
            vsock?: unknown;
        };
        VmPsci: {
            /**
             * @description `pinned`: the given version. `sticky`: what the first host has, then kept. `latest`: the newest of the host, at every cold boot; upgrades silently. `inherit`: the fleet decides, by its policies and else its default.
             * @enum {unknown}
             */
            policy: "inherit" | "sticky" | "latest" | "pinned";
            effective: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
            source: string | null;
            policyRevision: number | null;
            why: string | null;
            pinnedAt: string | null;
            hibernateDetection: boolean;
            next: {
                /** @enum {unknown} */
                version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                source: string;
                policyRevision: number | null;
                why: string;
                hosts: {
                    /** @description Hosts that accept it, silent and cordoned ones included. */
                    accepting: number;
                    total: number;
                };
            } | null;
            /** @description For the next boot, in order of precedence: the first that names a version wins. */
            candidates: {
                /** @description `kept`, `vm`, `sticky`, `latest`, `policy:<id>` or `default`. */
                source: string;
                policyRevision: number | null;
                version: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3") | null;
                won: boolean;
                why: string;
            }[];
            locked: {
                code: string;
                detail: string;
                overridable: boolean;
            } | null;
        };
        /** @description Where events are sent to. */
        Webhook: {
            /** Format: uuid */
            id: string;
            /** @description Where to POST to, by https and at a public address. HOLDFAST_WEBHOOK_NETWORKS names networks that may be reached besides, and by http. */
            url: string;
            /** @description Only events of these kinds; `[]` for every kind. */
            kinds: ("started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost")[];
            /** @description Only events of VMs that have these labels, all of them; `{}` for every VM. */
            labels: {
                [key: string]: string;
            };
            /** @description Events that happen while it is false are not sent; they are in the event log. */
            enabled: boolean;
            disabledReason: string | null;
            previousSecretExpiresAt: string | null;
            failingSince: string | null;
            /** @description Not yet delivered, and given up. */
            deliveries: {
                waiting: number;
                dead: number;
            };
            /** Format: date-time */
            createdAt: string;
        };
        /** @description One message to one webhook. */
        WebhookDelivery: {
            /**
             * Format: uuid
             * @description The `webhook-id` of every attempt.
             */
            id: string;
            /** Format: uuid */
            webhookId: string;
            /** @description `vm.` and the kind of the event, or `webhook.test`. */
            type: string;
            eventId: string | null;
            vmId: string | null;
            /**
             * @description `queued` behind an earlier one of its VM; `pending`: it is sent, or will be again; `delivered`; `dead`: given up after its last try.
             * @enum {unknown}
             */
            status: "queued" | "pending" | "delivered" | "dead";
            attempts: number;
            nextAttemptAt: string | null;
            lastAttempt: {
                /** Format: date-time */
                at: string;
                milliseconds: number | null;
                status: number | null;
                body: string | null;
                error: string | null;
            } | null;
            /** Format: date-time */
            createdAt: string;
            finishedAt: string | null;
        };
        WebhookWithSecret: {
            /** Format: uuid */
            id: string;
            /** @description Where to POST to, by https and at a public address. HOLDFAST_WEBHOOK_NETWORKS names networks that may be reached besides, and by http. */
            url: string;
            /** @description Only events of these kinds; `[]` for every kind. */
            kinds: ("started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost")[];
            /** @description Only events of VMs that have these labels, all of them; `{}` for every VM. */
            labels: {
                [key: string]: string;
            };
            /** @description Events that happen while it is false are not sent; they are in the event log. */
            enabled: boolean;
            disabledReason: string | null;
            previousSecretExpiresAt: string | null;
            failingSince: string | null;
            /** @description Not yet delivered, and given up. */
            deliveries: {
                waiting: number;
                dead: number;
            };
            /** Format: date-time */
            createdAt: string;
            /** @description Signs every message (`whsec_` and base64, as Standard Webhooks has it). It is shown this once. */
            secret: string;
        };
        Whoami: {
            /**
             * @description A token of this API, or one of the OpenID Connect issuer that it trusts.
             * @enum {unknown}
             */
            kind: "token" | "oidc";
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @description Each may do what the ones before it may.
             * @enum {unknown}
             */
            role: "viewer" | "operator" | "admin";
            /** @description Labels that a VM must have for the token to reach it, with its events, operations, snapshots and console; without any it reaches everything. */
            scope: {
                [key: string]: string;
            };
            expiresAt: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Names the request in the log. */
        "x-request-id": string;
        /** @description For `If-Match`: changes when the resource does. */
        etag: string;
        /** @description Where it is: the resource, or the operation. */
        location: string;
        /** @description The operation that the request began, where it began one. */
        "operation-location": string;
        /** @description After so many seconds it may be worth another try. */
        "retry-after": string;
        /** @description How to authenticate (RFC 6750). */
        "www-authenticate": string;
        /** @description On the answer of an earlier request with the same `Idempotency-Key`. */
        "idempotency-replayed": "true";
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAssignments: {
        parameters: {
            query?: {
                /**
                 * @description The revision that is known already: the answer waits for another.
                 * @example text
                 */
                known?: string;
                /**
                 * @description In seconds.
                 * @example 30
                 */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": "text",
                     *       "vms": [
                     *         {
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "generation": 3,
                     *           "run": {
                     *             "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *             "runId": "01987c3e-6a81-7e55-9f10-2b3c4d5e6f55",
                     *             "operationId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *             "name": "web-1",
                     *             "vcpus": 2,
                     *             "memoryMiB": 256,
                     *             "kernel": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *             "initramfs": "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                     *             "cmdline": "console=ttyS0",
                     *             "disks": [
                     *               {
                     *                 "name": "web-1",
                     *                 "sizeMiB": 512,
                     *                 "readOnly": false
                     *               }
                     *             ],
                     *             "nics": [
                     *               {
                     *                 "name": "web-1",
                     *                 "mac": "02:1d:7c:3e:5a:10",
                     *                 "network": {
                     *                   "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *                   "name": "web-1",
                     *                   "cidr": "10.64.0.0/24",
                     *                   "outside": false
                     *                 },
                     *                 "address": "10.64.0.2"
                     *               }
                     *             ],
                     *             "vsockCid": 3,
                     *             "psci": "1.1",
                     *             "systemSuspend": false,
                     *             "firmware": {
                     *               "psci": "1.1",
                     *               "psci02": false,
                     *               "systemSuspend": false,
                     *               "registers": {
                     *                 "SMCCC_ARCH_WORKAROUND_1": "0x0",
                     *                 "SMCCC_ARCH_WORKAROUND_2": "0x0",
                     *                 "SMCCC_ARCH_WORKAROUND_3": "0x0",
                     *                 "STD_BMAP": "0x0",
                     *                 "STD_HYP_BMAP": "0x0",
                     *                 "VENDOR_HYP_BMAP": "0x0",
                     *                 "VENDOR_HYP_BMAP_2": "0x0"
                     *               },
                     *               "psciCompatible": [
                     *                 "arm,psci-1.0"
                     *               ],
                     *               "mpidrs": [
                     *                 1
                     *               ],
                     *               "idRegisters": {}
                     *             },
                     *             "allowMissingRegisters": false,
                     *             "requireIdRegisters": false,
                     *             "onGuest": {
                     *               "poweroff": "stop",
                     *               "reset": "restart",
                     *               "crash": "stop"
                     *             },
                     *             "restore": {
                     *               "snapshot": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *               "skipAbsentRegisters": false,
                     *               "once": false
                     *             }
                     *           },
                     *           "requests": [
                     *             {
                     *               "operationId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *               "intentId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *               "kind": "stop",
                     *               "timeoutSeconds": 60,
                     *               "force": false
                     *             }
                     *           ],
                     *           "deleteOperationId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77",
                     *           "traceparents": {},
                     *           "transfer": {
                     *             "operationId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *             "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *             "disks": [
                     *               {
                     *                 "name": "web-1",
                     *                 "sizeMiB": 512,
                     *                 "readOnly": false
                     *               }
                     *             ]
                     *           }
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        revision: string;
                        vms: {
                            /** Format: uuid */
                            vmId: string;
                            generation: number;
                            run: {
                                /** Format: uuid */
                                vmId: string;
                                /** Format: uuid */
                                runId: string;
                                /** Format: uuid */
                                operationId: string;
                                name: string;
                                vcpus: number;
                                memoryMiB: number;
                                kernel: string;
                                initramfs: string | null;
                                cmdline: string;
                                disks: {
                                    name: string;
                                    sizeMiB: number;
                                    readOnly: boolean;
                                }[];
                                nics: {
                                    name: string;
                                    mac: string;
                                    network: {
                                        /** Format: uuid */
                                        id: string;
                                        name: string;
                                        cidr: string;
                                        outside: boolean;
                                    };
                                    address: string;
                                }[];
                                vsockCid: number | null;
                                /** @enum {unknown} */
                                psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                                systemSuspend: boolean;
                                firmware: {
                                    /** @enum {unknown} */
                                    psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                                    /** @description The vCPU feature KVM_ARM_VCPU_PSCI_0_2; off for PSCI 0.1 alone. */
                                    psci02: boolean;
                                    /** @description The guest has SYSTEM_SUSPEND. */
                                    systemSuspend: boolean;
                                    registers: {
                                        SMCCC_ARCH_WORKAROUND_1: string | null;
                                        SMCCC_ARCH_WORKAROUND_2: string | null;
                                        SMCCC_ARCH_WORKAROUND_3: string | null;
                                        STD_BMAP: string | null;
                                        STD_HYP_BMAP: string | null;
                                        VENDOR_HYP_BMAP: string | null;
                                        VENDOR_HYP_BMAP_2: string | null;
                                    };
                                    /** @description `compatible` of the device tree's /psci. */
                                    psciCompatible: string[];
                                    /** @description The affinity by which the guest names each vCPU. */
                                    mpidrs: number[];
                                    /** @description What the guest reads of its CPUs: their feature ID registers; what is left out is 0. A guest that goes on after a hibernation or out of a snapshot gets the same again. */
                                    idRegisters?: {
                                        [key: string]: string;
                                    };
                                } | null;
                                allowMissingRegisters: boolean;
                                requireIdRegisters: boolean;
                                onGuest: {
                                    /** @enum {unknown} */
                                    poweroff: "stop" | "restart";
                                    /** @enum {unknown} */
                                    reset: "restart" | "stop";
                                    /** @enum {unknown} */
                                    crash: "stop" | "restart";
                                };
                                restore: {
                                    snapshot: string;
                                    skipAbsentRegisters: boolean;
                                    once?: boolean;
                                } | null;
                            } | null;
                            requests: {
                                /** Format: uuid */
                                operationId: string;
                                /** Format: uuid */
                                intentId: string;
                                /** @enum {unknown} */
                                kind: "stop" | "hibernate" | "kill" | "pause" | "resume" | "reset" | "snapshot";
                                timeoutSeconds: number | null;
                                force: boolean;
                            }[];
                            deleteOperationId: string | null;
                            traceparents?: {
                                [key: string]: string;
                            };
                            transfer?: {
                                /** Format: uuid */
                                operationId: string;
                                digest: string | null;
                                disks: {
                                    name: string;
                                    sizeMiB: number;
                                    readOnly: boolean;
                                }[];
                            };
                        }[];
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fetchBlob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description `sha256:` and 64 lower-case hexadecimal digits.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range that was asked for. */
            206: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BLOB_NOT_FOUND`: No such blob */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RANGE_NOT_SATISFIABLE`: The range lies outside */
            416: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConsoleInput: {
        parameters: {
            query?: {
                /**
                 * @description Only what comes after this position.
                 * @example 1
                 */
                after?: string;
                /**
                 * @description In seconds.
                 * @example 30
                 */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "position": "17",
                     *       "inputs": [
                     *         {
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "runId": "01987c3e-6a81-7e55-9f10-2b3c4d5e6f55",
                     *           "data": "data"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        position: string;
                        inputs: {
                            /** Format: uuid */
                            vmId: string;
                            /** Format: uuid */
                            runId: string;
                            /** Format: byte */
                            data: string;
                        }[];
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announceCredential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "credentialHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                 *     }
                 */
                "application/json": {
                    credentialHash: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        hostId: string;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `CREDENTIAL_TAKEN`: Another host has the credential
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrolHost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enrolmentToken": "hfe_5hR2mQ7cV1xT8nB4kL9wZ3yP6sD0fG",
                 *       "name": "web-1",
                 *       "labels": {
                 *         "team": "a"
                 *       },
                 *       "credentialHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *       "facts": {
                 *         "agentVersion": "0.1.0",
                 *         "kernel": "6.12.9-arm64",
                 *         "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                 *         "psci": {
                 *           "accepted": [
                 *             "1.1"
                 *           ],
                 *           "default": "1.1",
                 *           "registers": {
                 *             "SMCCC_ARCH_WORKAROUND_1": "0x0",
                 *             "SMCCC_ARCH_WORKAROUND_2": "0x0",
                 *             "SMCCC_ARCH_WORKAROUND_3": "0x0",
                 *             "STD_BMAP": "0x0",
                 *             "STD_HYP_BMAP": "0x0",
                 *             "VENDOR_HYP_BMAP": "0x0",
                 *             "VENDOR_HYP_BMAP_2": "0x0"
                 *           },
                 *           "systemSuspend": false
                 *         },
                 *         "capacity": {
                 *           "vcpus": 2,
                 *           "memoryMiB": 256
                 *         },
                 *         "simulated": false,
                 *         "movesDisks": false
                 *       }
                 *     }
                 */
                "application/json": {
                    enrolmentToken: string;
                    name: string;
                    labels: {
                        [key: string]: string;
                    };
                    credentialHash: string;
                    facts: {
                        agentVersion: string;
                        kernel: string;
                        /** Format: uuid */
                        bootId: string;
                        psci: {
                            accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                            /** @enum {unknown} */
                            default: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                            registers?: {
                                SMCCC_ARCH_WORKAROUND_1: string | null;
                                SMCCC_ARCH_WORKAROUND_2: string | null;
                                SMCCC_ARCH_WORKAROUND_3: string | null;
                                STD_BMAP: string | null;
                                STD_HYP_BMAP: string | null;
                                VENDOR_HYP_BMAP: string | null;
                                VENDOR_HYP_BMAP_2: string | null;
                            };
                            systemSuspend?: boolean;
                        };
                        capacity: {
                            vcpus: number;
                            memoryMiB: number;
                        };
                        simulated: boolean;
                        movesDisks?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01"
                     *     }
                     */
                    "application/json": {
                        /** Format: uuid */
                        hostId: string;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed.
             *     `ENROLMENT_TOKEN_EXPIRED`: The enrolment token has expired.
             *     `ENROLMENT_TOKEN_INVALID`: The enrolment token is not known
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `ENROLMENT_TOKEN_USED`: The enrolment token was used by another host.
             *     `HOST_NAME_TAKEN`: The name is taken
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deliverEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "events": [
                 *         {
                 *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                 *           "runId": "01987c3e-6a81-7e55-9f10-2b3c4d5e6f55",
                 *           "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                 *           "sequence": 2,
                 *           "kind": "poweroff",
                 *           "intentIds": [
                 *             "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33"
                 *           ],
                 *           "psci": {
                 *             "version": "1.1",
                 *             "function": "SYSTEM_OFF",
                 *             "type": 1,
                 *             "cookie": 1
                 *           },
                 *           "kvm": {
                 *             "type": 1,
                 *             "data": [
                 *               "0x0"
                 *             ]
                 *           },
                 *           "reason": null,
                 *           "observedAt": "2026-03-01T09:31:12.500Z",
                 *           "final": false,
                 *           "firmware": {
                 *             "psci": "1.1",
                 *             "psci02": false,
                 *             "systemSuspend": false,
                 *             "registers": {
                 *               "SMCCC_ARCH_WORKAROUND_1": "0x0",
                 *               "SMCCC_ARCH_WORKAROUND_2": "0x0",
                 *               "SMCCC_ARCH_WORKAROUND_3": "0x0",
                 *               "STD_BMAP": "0x0",
                 *               "STD_HYP_BMAP": "0x0",
                 *               "VENDOR_HYP_BMAP": "0x0",
                 *               "VENDOR_HYP_BMAP_2": "0x0"
                 *             },
                 *             "psciCompatible": [
                 *               "arm,psci-1.0"
                 *             ],
                 *             "mpidrs": [
                 *               1
                 *             ],
                 *             "idRegisters": {}
                 *           },
                 *           "hostBootId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77",
                 *           "snapshot": {
                 *             "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *             "sizeBytes": 12582912,
                 *             "pauseMilliseconds": 1,
                 *             "vcpus": 2,
                 *             "memoryMiB": 256,
                 *             "disks": [
                 *               {
                 *                 "name": "web-1",
                 *                 "sizeMiB": 512,
                 *                 "readOnly": false
                 *               }
                 *             ],
                 *             "firmware": {
                 *               "psci": "1.1",
                 *               "psci02": false,
                 *               "systemSuspend": false,
                 *               "registers": {
                 *                 "SMCCC_ARCH_WORKAROUND_1": "0x0",
                 *                 "SMCCC_ARCH_WORKAROUND_2": "0x0",
                 *                 "SMCCC_ARCH_WORKAROUND_3": "0x0",
                 *                 "STD_BMAP": "0x0",
                 *                 "STD_HYP_BMAP": "0x0",
                 *                 "VENDOR_HYP_BMAP": "0x0",
                 *                 "VENDOR_HYP_BMAP_2": "0x0"
                 *               },
                 *               "psciCompatible": [
                 *                 "arm,psci-1.0"
                 *               ],
                 *               "mpidrs": [
                 *                 1
                 *               ],
                 *               "idRegisters": {}
                 *             },
                 *             "hostBootId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77"
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    events: {
                        /** Format: uuid */
                        vmId: string;
                        /** Format: uuid */
                        runId: string;
                        /** Format: uuid */
                        bootId: string;
                        sequence: number;
                        /** @enum {unknown} */
                        kind: "started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost";
                        intentIds: string[];
                        psci: {
                            /** @enum {unknown} */
                            version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                            function: string | null;
                            type: number | null;
                            cookie: number | null;
                        } | null;
                        kvm: {
                            type: number;
                            data: string[];
                        } | null;
                        reason: string | null;
                        /** Format: date-time */
                        observedAt: string;
                        final: boolean;
                        firmware?: {
                            /** @enum {unknown} */
                            psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                            /** @description The vCPU feature KVM_ARM_VCPU_PSCI_0_2; off for PSCI 0.1 alone. */
                            psci02: boolean;
                            /** @description The guest has SYSTEM_SUSPEND. */
                            systemSuspend: boolean;
                            registers: {
                                SMCCC_ARCH_WORKAROUND_1: string | null;
                                SMCCC_ARCH_WORKAROUND_2: string | null;
                                SMCCC_ARCH_WORKAROUND_3: string | null;
                                STD_BMAP: string | null;
                                STD_HYP_BMAP: string | null;
                                VENDOR_HYP_BMAP: string | null;
                                VENDOR_HYP_BMAP_2: string | null;
                            };
                            /** @description `compatible` of the device tree's /psci. */
                            psciCompatible: string[];
                            /** @description The affinity by which the guest names each vCPU. */
                            mpidrs: number[];
                            /** @description What the guest reads of its CPUs: their feature ID registers; what is left out is 0. A guest that goes on after a hibernation or out of a snapshot gets the same again. */
                            idRegisters?: {
                                [key: string]: string;
                            };
                        };
                        /** Format: uuid */
                        hostBootId?: string;
                        snapshot?: {
                            digest: string;
                            sizeBytes: number;
                            pauseMilliseconds: number;
                            vcpus: number;
                            memoryMiB: number;
                            disks: {
                                name: string;
                                sizeMiB: number;
                                readOnly: boolean;
                            }[];
                            firmware: {
                                /** @enum {unknown} */
                                psci: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                                /** @description The vCPU feature KVM_ARM_VCPU_PSCI_0_2; off for PSCI 0.1 alone. */
                                psci02: boolean;
                                /** @description The guest has SYSTEM_SUSPEND. */
                                systemSuspend: boolean;
                                registers: {
                                    SMCCC_ARCH_WORKAROUND_1: string | null;
                                    SMCCC_ARCH_WORKAROUND_2: string | null;
                                    SMCCC_ARCH_WORKAROUND_3: string | null;
                                    STD_BMAP: string | null;
                                    STD_HYP_BMAP: string | null;
                                    VENDOR_HYP_BMAP: string | null;
                                    VENDOR_HYP_BMAP_2: string | null;
                                };
                                /** @description `compatible` of the device tree's /psci. */
                                psciCompatible: string[];
                                /** @description The affinity by which the guest names each vCPU. */
                                mpidrs: number[];
                                /** @description What the guest reads of its CPUs: their feature ID registers; what is left out is 0. A guest that goes on after a hibernation or out of a snapshot gets the same again. */
                                idRegisters?: {
                                    [key: string]: string;
                                };
                            };
                            /** Format: uuid */
                            hostBootId?: string;
                        };
                    }[];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "inserted": 1,
                     *       "duplicates": 1,
                     *       "refused": [
                     *         {
                     *           "index": 0,
                     *           "code": "EVENT_INVALID",
                     *           "detail": "web-1 runs with PSCI 1.1."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        inserted: number;
                        duplicates: number;
                        refused: {
                            index: number;
                            /** @enum {unknown} */
                            code: "EVENT_INVALID" | "RUN_NOT_ON_THIS_HOST";
                            detail: string;
                        }[];
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putFingerprint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kernel": "6.12.9-arm64",
                 *       "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                 *       "suite": 1,
                 *       "versions": {
                 *         "0.1": {
                 *           "answers": {},
                 *           "systemSuspend": {},
                 *           "services": {}
                 *         },
                 *         "0.2": {
                 *           "answers": {},
                 *           "systemSuspend": {},
                 *           "services": {}
                 *         },
                 *         "1.0": {
                 *           "answers": {},
                 *           "systemSuspend": {},
                 *           "services": {}
                 *         },
                 *         "1.1": {
                 *           "answers": {},
                 *           "systemSuspend": {},
                 *           "services": {}
                 *         },
                 *         "1.2": {
                 *           "answers": {},
                 *           "systemSuspend": {},
                 *           "services": {}
                 *         },
                 *         "1.3": {
                 *           "answers": {},
                 *           "systemSuspend": {},
                 *           "services": {}
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    kernel: string;
                    /** Format: uuid */
                    bootId: string;
                    suite: number;
                    versions: {
                        0.1?: {
                            answers: {
                                [key: string]: string;
                            };
                            systemSuspend: {
                                [key: string]: string;
                            } | null;
                            services: {
                                [key: string]: string;
                            };
                        };
                        0.2?: {
                            answers: {
                                [key: string]: string;
                            };
                            systemSuspend: {
                                [key: string]: string;
                            } | null;
                            services: {
                                [key: string]: string;
                            };
                        };
                        "1.0"?: {
                            answers: {
                                [key: string]: string;
                            };
                            systemSuspend: {
                                [key: string]: string;
                            } | null;
                            services: {
                                [key: string]: string;
                            };
                        };
                        1.1?: {
                            answers: {
                                [key: string]: string;
                            };
                            systemSuspend: {
                                [key: string]: string;
                            } | null;
                            services: {
                                [key: string]: string;
                            };
                        };
                        1.2?: {
                            answers: {
                                [key: string]: string;
                            };
                            systemSuspend: {
                                [key: string]: string;
                            } | null;
                            services: {
                                [key: string]: string;
                            };
                        };
                        1.3?: {
                            answers: {
                                [key: string]: string;
                            };
                            systemSuspend: {
                                [key: string]: string;
                            } | null;
                            services: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *     }
                     */
                    "application/json": {
                        digest: string;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `FINGERPRINT_OF_ANOTHER_HOST`: Another host has told of that boot
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    heartbeat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "facts": {
                 *         "agentVersion": "0.1.0",
                 *         "kernel": "6.12.9-arm64",
                 *         "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                 *         "psci": {
                 *           "accepted": [
                 *             "1.1"
                 *           ],
                 *           "default": "1.1",
                 *           "registers": {
                 *             "SMCCC_ARCH_WORKAROUND_1": "0x0",
                 *             "SMCCC_ARCH_WORKAROUND_2": "0x0",
                 *             "SMCCC_ARCH_WORKAROUND_3": "0x0",
                 *             "STD_BMAP": "0x0",
                 *             "STD_HYP_BMAP": "0x0",
                 *             "VENDOR_HYP_BMAP": "0x0",
                 *             "VENDOR_HYP_BMAP_2": "0x0"
                 *           },
                 *           "systemSuspend": false
                 *         },
                 *         "capacity": {
                 *           "vcpus": 2,
                 *           "memoryMiB": 256
                 *         },
                 *         "simulated": false,
                 *         "movesDisks": false
                 *       },
                 *       "counters": {
                 *         "workers": {
                 *           "alive": 1,
                 *           "started": 1,
                 *           "died": 1,
                 *           "cpuSeconds": {
                 *             "user": 1,
                 *             "system": 1,
                 *             "guest": 1
                 *           },
                 *           "residentBytes": 1,
                 *           "readBytes": 1,
                 *           "writtenBytes": 1
                 *         },
                 *         "undeliveredEvents": 1,
                 *         "stateFreeBytes": 1
                 *       },
                 *       "vms": [
                 *         {
                 *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                 *           "runId": "01987c3e-6a81-7e55-9f10-2b3c4d5e6f55",
                 *           "observedGeneration": 3
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    facts: {
                        agentVersion: string;
                        kernel: string;
                        /** Format: uuid */
                        bootId: string;
                        psci: {
                            accepted: ("0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3")[];
                            /** @enum {unknown} */
                            default: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                            registers?: {
                                SMCCC_ARCH_WORKAROUND_1: string | null;
                                SMCCC_ARCH_WORKAROUND_2: string | null;
                                SMCCC_ARCH_WORKAROUND_3: string | null;
                                STD_BMAP: string | null;
                                STD_HYP_BMAP: string | null;
                                VENDOR_HYP_BMAP: string | null;
                                VENDOR_HYP_BMAP_2: string | null;
                            };
                            systemSuspend?: boolean;
                        };
                        capacity: {
                            vcpus: number;
                            memoryMiB: number;
                        };
                        simulated: boolean;
                        movesDisks?: boolean;
                    };
                    counters?: {
                        workers: {
                            alive: number;
                            started: number;
                            died: number;
                            cpuSeconds: {
                                user: number;
                                system: number;
                                guest: number;
                            };
                            residentBytes: number;
                            readBytes: number;
                            writtenBytes: number;
                        };
                        undeliveredEvents: number;
                        stateFreeBytes: number;
                    };
                    vms: {
                        /** Format: uuid */
                        vmId: string;
                        runId: string | null;
                        observedGeneration: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "leaseSeconds": 30,
                     *       "heartbeatSeconds": 5
                     *     }
                     */
                    "application/json": {
                        leaseSeconds: number;
                        heartbeatSeconds: number;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deliverReports: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reports": [
                 *         {
                 *           "operationId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                 *           "status": "succeeded",
                 *           "error": null
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    reports: {
                        /** Format: uuid */
                        operationId: string;
                        /** @enum {unknown} */
                        status: "running" | "succeeded" | "failed";
                        error: {
                            code: string;
                            detail: string;
                        } | null;
                    }[];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "applied": 1,
                     *       "ignored": 1
                     *     }
                     */
                    "application/json": {
                        applied: number;
                        ignored: number;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deliverSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The request that asked for it.
                 * @example 01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33
                 */
                intentId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `BODY_TRUNCATED`: The body ended early.
             *     `DIGEST_MISMATCH`: The bytes have another digest
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `SNAPSHOT_NOT_WANTED`: No open request is behind the snapshot
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deliverDisks: {
        parameters: {
            query: {
                /**
                 * @description `sha256:` and 64 lower-case hexadecimal digits.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
            };
            header?: never;
            path: {
                /**
                 * @description The operation's `id`.
                 * @example 01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33
                 */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `BODY_TRUNCATED`: The body ended early.
             *     `DIGEST_MISMATCH`: The bytes have another digest
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `SNAPSHOT_NOT_WANTED`: No open request is behind the snapshot
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    appendConsole: {
        parameters: {
            query: {
                /**
                 * @description Where the bytes begin, counted from the beginning of the boot.
                 * @example 1
                 */
                offset: number;
            };
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
                /**
                 * @description The boot.
                 * @example 01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44
                 */
                bootId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "nextOffset": 1
                     *     }
                     */
                    "application/json": {
                        nextOffset: number;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `UNAUTHENTICATED`: A valid token is needed.
             *     `CLIENT_CERTIFICATE_REQUIRED`: The host's certificate is needed
             */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `CONSOLE_OFFSET`: The piece does not start where the stored output ends
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `DATABASE_UNAVAILABLE`: The database cannot be reached */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP holdfast_vms VMs, by phase and by the PSCI version they are pinned to.
                     *     # TYPE holdfast_vms gauge
                     *     holdfast_vms{phase="running",psci_version="1.1"} 12
                     */
                    "text/plain": string;
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok",
                     *       "parts": [
                     *         {
                     *           "name": "postgres",
                     *           "status": "ok",
                     *           "detail": "web-1 runs with PSCI 1.1."
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                        parts: {
                            /** @enum {unknown} */
                            name: "postgres" | "notifications";
                            /**
                             * @description `degraded`: requests are served, some later than they could be.
                             * @enum {unknown}
                             */
                            status: "ok" | "degraded";
                            detail: string | null;
                        }[];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached.
             *     `NOT_READY`: The service is not ready
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description Part of the actor's name, or its id.
                 * @example ci (token 01987c3e-5000-7000-8000-000000000001)
                 */
                actor?: string;
                /**
                 * @description The `method`.
                 * @example POST
                 */
                method?: "POST" | "PUT" | "PATCH" | "DELETE";
                /**
                 * @description `unknown`: the process ended before it answered.
                 * @example succeeded
                 */
                outcome?: "succeeded" | "refused" | "unknown";
                /**
                 * @description The id of what was changed, or was to be.
                 * @example text
                 */
                resourceId?: string;
                /**
                 * @description The `since`.
                 * @example 2026-03-01T09:31:12.500Z
                 */
                since?: string;
                /**
                 * @description The `until`.
                 * @example 2026-03-01T09:31:12.500Z
                 */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "at": "2026-03-01T09:31:12.500Z",
                     *           "actor": "ci (token 01987c3e-5000-7000-8000-000000000001)",
                     *           "address": "10.64.0.2",
                     *           "method": "POST",
                     *           "path": "/v1/vms/01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11/start",
                     *           "status": 202,
                     *           "code": "VM_RUNNING",
                     *           "requestId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77",
                     *           "override": null,
                     *           "changes": [
                     *             {
                     *               "resource": "text",
                     *               "resourceId": "text",
                     *               "before": {},
                     *               "after": {}
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putBlob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description `sha256:` and 64 lower-case hexadecimal digits.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Blob"];
                };
            };
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Blob"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `DIGEST_MISMATCH`: The bytes have another digest.
             *     `BODY_TRUNCATED`: The body ended early
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createEnrolmentToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "zone": "b"
                 *       },
                 *       "expiresInSeconds": 3600
                 *     }
                 */
                "application/json": {
                    /**
                     * @description The host's, over those that its agent brings.
                     * @default {}
                     */
                    labels?: {
                        [key: string]: string;
                    };
                    hostId?: string | null;
                    /**
                     * @description One hour unless said.
                     * @default 3600
                     */
                    expiresInSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedEnrolmentToken"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `HOST_UNKNOWN`: The body names a host that does not exist
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description Oldest or newest first.
                 * @example asc
                 */
                order?: "asc" | "desc";
                /**
                 * @description Only what comes after the event with this cursor.
                 * @example 1042-7
                 */
                after?: string;
                /**
                 * @description `nextPageToken` of the page before, or the `cursor` of an event: the page begins behind it.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description Only what was observed then or later.
                 * @example 2026-03-01T09:31:12.500Z
                 */
                since?: string;
                /**
                 * @description Only what was observed before then.
                 * @example 2026-03-01T09:31:12.500Z
                 */
                until?: string;
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId?: string;
                /**
                 * @description Only events of this kind.
                 * @example poweroff
                 */
                kind?: "started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost";
                /**
                 * @description Who asked for it. `unknown` where that cannot be told.
                 * @example guest
                 */
                initiator?: "guest" | "operator" | "policy" | "host" | "unknown";
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "cursor": "1042-7",
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "runId": "01987c3e-6a81-7e55-9f10-2b3c4d5e6f55",
                     *           "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                     *           "sequence": 2,
                     *           "kind": "poweroff",
                     *           "initiator": "guest",
                     *           "intentId": null,
                     *           "psci": {
                     *             "version": "1.1",
                     *             "function": "SYSTEM_OFF",
                     *             "type": null,
                     *             "cookie": null
                     *           },
                     *           "hibernation": "no",
                     *           "kvm": {
                     *             "type": 1,
                     *             "data": [
                     *               "0x0"
                     *             ]
                     *           },
                     *           "reason": null,
                     *           "snapshot": null,
                     *           "pin": null,
                     *           "migration": {
                     *             "fromHostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *             "toHostId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77"
                     *           },
                     *           "observedAt": "2026-03-01T09:31:12.500Z",
                     *           "recordedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Event"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only what comes after the event with this cursor.
                 * @example 1042-7
                 */
                after?: string;
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId?: string;
                /**
                 * @description Only events of this kind.
                 * @example poweroff
                 */
                kind?: "started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost";
                /**
                 * @description Who asked for it. `unknown` where that cannot be told.
                 * @example guest
                 */
                initiator?: "guest" | "operator" | "policy" | "host" | "unknown";
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId?: string;
            };
            header?: {
                /**
                 * @description The last `id` seen: resume behind it.
                 * @example 1042-7
                 */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 2000
                     *
                     *     id: 1042-7
                     *     data: {"id":"01987c3e-7d20-7a77-b543-7f8a9b0c1d77","vmId":"01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11","kind":"poweroff"}
                     */
                    "text/event-stream": string;
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The `eventId`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                eventId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A fact about a VM. It never changes. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `EVENT_NOT_FOUND`: No such event */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFingerprints: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *           "suite": 1,
                     *           "kernels": [
                     *             "6.12.9-arm64"
                     *           ],
                     *           "hosts": 1,
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "versions": {},
                     *           "differences": 1,
                     *           "worse": false
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["FingerprintSummary"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFingerprint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description SHA-256 of the bytes, as `sha256:` and 64 hexadecimal digits.
                 * @example sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
                 */
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fingerprint"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `FINGERPRINT_NOT_FOUND`: No such fingerprint
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDriftedVms: {
        parameters: {
            query: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description `due`: the VM's pin is another than its policy would give at a cold boot on its present host. `latest`: it takes the newest version of its host at each cold boot. `thinlyAccepted`: fewer than two hosts accept its pin.
                 * @example due
                 */
                kind: "due" | "latest" | "thinlyAccepted";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "web-1",
                     *           "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "psciVersion": "1.1",
                     *           "next": {
                     *             "version": "1.1",
                     *             "source": "vm"
                     *           },
                     *           "why": "The VM is pinned to 1.1.",
                     *           "acceptingHosts": 1
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["DriftedVm"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFleetSummary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetSummary"];
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHosts: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description `key:value`; given several times, all must match.
                 * @example [
                 *       "team:a"
                 *     ]
                 */
                label?: string[];
                /**
                 * @description Only hosts that accept it.
                 * @example 1.1
                 */
                psciVersion?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "name": "rack1-07",
                     *           "labels": {
                     *             "zone": "b"
                     *           },
                     *           "agentVersion": "0.1.0",
                     *           "kernel": "6.12.9-arm64",
                     *           "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                     *           "psci": {
                     *             "accepted": [
                     *               "0.2",
                     *               "1.0",
                     *               "1.1",
                     *               "1.2",
                     *               "1.3"
                     *             ],
                     *             "default": "1.3"
                     *           },
                     *           "fingerprint": {
                     *             "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *             "takenAt": "2026-03-01T09:31:12.500Z",
                     *             "versions": {},
                     *             "differences": 1,
                     *             "worse": false,
                     *             "changed": false
                     *           },
                     *           "capacity": {
                     *             "vcpus": 64,
                     *             "memoryMiB": 262144
                     *           },
                     *           "allocated": {
                     *             "vcpus": 24,
                     *             "memoryMiB": 98304
                     *           },
                     *           "vms": 12,
                     *           "cordoned": false,
                     *           "simulated": false,
                     *           "lease": {
                     *             "state": "active",
                     *             "expiresAt": "2027-03-01T09:30:00.000Z"
                     *           },
                     *           "lastSeenAt": "2026-03-01T09:31:12.500Z",
                     *           "lostAt": null,
                     *           "credentialRevokedAt": "2026-03-01T09:31:12.500Z",
                     *           "createdAt": "2026-03-01T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Host"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateHost: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "zone": "b"
                 *       }
                 *     }
                 */
                "application/merge-patch+json": {
                    labels?: {
                        [key: string]: string | null;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cordonHost: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    declareHostLost: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_NOT_SILENT`: The host is alive
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHostDrain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drain"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `DRAIN_NOT_FOUND`: No such drain.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drainHost: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "action": "stop",
                 *       "timeoutSeconds": 120
                 *     }
                 */
                "application/json": {
                    /**
                     * @description For every VM, in place of its own `onDrain`. Where `restart` is asked for, a VM with disks is stopped; `migrate` moves each with its memory and disks.
                     * @enum {unknown}
                     */
                    action?: "stop" | "hibernate" | "restart" | "migrate";
                    /** @description How long each guest has; by default 60 to power off and 300 to hibernate. */
                    timeoutSeconds?: number;
                    /**
                     * @description Ends guests that do not answer or are paused, instead of leaving them. Those that are to be moved are not ended.
                     * @default false
                     */
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "drain",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_DRAINING`: The host is being drained
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHostFingerprint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HostFingerprint"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `FINGERPRINT_NOT_FOUND`: No such fingerprint.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMaintenance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Maintenance"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host.
             *     `MAINTENANCE_NOT_FOUND`: No such maintenance
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginMaintenance: {
        parameters: {
            query?: {
                /**
                 * @description Begins although VMs could not start with the target. Audited.
                 * @example false
                 */
                force?: boolean;
            };
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "target": {
                 *         "version": "1.1"
                 *       },
                 *       "action": "hibernate"
                 *     }
                 */
                "application/json": {
                    /** @description What the host is to become: a preflight is made for it first, as POST /v1/preflights does. */
                    target?: {
                        /**
                         * @description A kernel whose newest version is this one.
                         * @enum {unknown}
                         */
                        version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                        /**
                         * Format: uuid
                         * @description A kernel like that of this host.
                         */
                        hostId?: string;
                        /** @description A kernel with this fingerprint; any that a host of the fleet has or had. */
                        fingerprint?: string;
                    };
                    /**
                     * @description For every VM, in place of its own `onDrain`. Where `restart` is asked for, a VM with disks is stopped; `migrate` moves each with its memory and disks.
                     * @enum {unknown}
                     */
                    action?: "stop" | "hibernate" | "restart" | "migrate";
                    /** @description How long each guest has; by default 60 to power off and 300 to hibernate. */
                    timeoutSeconds?: number;
                    /**
                     * @description Ends guests that do not answer or are paused, instead of leaving them. Those that are to be moved are not ended.
                     * @default false
                     */
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Maintenance"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_DRAINING`: The host is being drained.
             *     `MAINTENANCE_OPEN`: The host is under maintenance.
             *     `PREFLIGHT_OBJECTS`: VMs could not start with that kernel
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `FINGERPRINT_UNKNOWN`: The body names a fingerprint that nobody has had.
             *     `HOST_UNKNOWN`: The body names a host that does not exist
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Maintenance"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `MAINTENANCE_NOT_FOUND`: No such maintenance
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `MAINTENANCE_STATUS`: The maintenance is in no status for this
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelMaintenance: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Maintenance"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `MAINTENANCE_NOT_FOUND`: No such maintenance
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `MAINTENANCE_STATUS`: The maintenance is in no status for this
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeHostCredential: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uncordonHost: {
        parameters: {
            query?: {
                /**
                 * @description Although the host is under maintenance, which that cancels. Audited.
                 * @example false
                 */
                force?: boolean;
            };
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_DRAINING`: The host is being drained.
             *     `MAINTENANCE_OPEN`: The host is under maintenance
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listImages: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20",
                     *           "name": "debian-13",
                     *           "kernel": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *           "initramfs": "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                     *           "cmdline": "console=ttyS0",
                     *           "kernelVersion": "6.12.9-arm64",
                     *           "createdAt": "2026-03-01T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Image"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createImage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "debian-13",
                 *       "kernel": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                 *       "initramfs": "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                 *       "cmdline": "console=ttyS0 root=/dev/vda"
                 *     }
                 */
                "application/json": {
                    /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                    name: string;
                    /** @description An arm64 Image, plain, compressed with gzip or zstd, or in an EFI zboot program with one of these, or flat arm64 code, which is loaded 0x80000 bytes above the start of RAM and entered there with the MMU off and the device tree in x0. */
                    kernel: string;
                    initramfs?: string | null;
                    /** @description The kernel command line, printable ASCII. */
                    cmdline?: string;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `IMAGE_NAME_TAKEN`: The name is taken
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `BLOB_UNKNOWN`: The body names a blob that does not exist.
             *     `KERNEL_NOT_ARM64_IMAGE`: The kernel is nothing that arm64 machines start
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The image's `id`.
                 * @example 01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20
                 */
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Image"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IMAGE_NOT_FOUND`: No such image */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteImage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The image's `id`.
                 * @example 01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20
                 */
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `IMAGE_NOT_FOUND`: No such image
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IMAGE_IN_USE`: VMs use the image
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNetworks: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description `key:value`; given several times, all must match.
                 * @example [
                 *       "team:a"
                 *     ]
                 */
                label?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "backend",
                     *           "labels": {
                     *             "team": "a"
                     *           },
                     *           "cidr": "10.64.0.0/24",
                     *           "outside": false,
                     *           "gateway": "text",
                     *           "nics": 1,
                     *           "createdAt": "2026-03-01T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Network"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createNetwork: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "backend",
                 *       "cidr": "10.64.0.0/24",
                 *       "outside": false
                 *     }
                 */
                "application/json": {
                    /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                    name: string;
                    /** @default {} */
                    labels?: {
                        [key: string]: string;
                    };
                    /** @description An IPv4 range from /16 to /29 with no host bit set, such as `10.20.0.0/24`. No two networks overlap. */
                    cidr: string;
                    /**
                     * @description Whether guests reach the outside of their host, by NAT. Without it they reach the other guests on their host only.
                     * @default false
                     */
                    outside?: boolean;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `NETWORK_NAME_TAKEN`: The name is taken.
             *     `NETWORK_OVERLAPS`: Another network has addresses of this range
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `CIDR_INVALID`: The range is not one for guests
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNetwork: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The network's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                networkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `NETWORK_NOT_FOUND`: No such network */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteNetwork: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The network's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                networkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `NETWORK_NOT_FOUND`: No such network
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `NETWORK_IN_USE`: VMs have NICs in the network
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateNetwork: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The network's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                networkId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "team": "a"
                 *       }
                 *     }
                 */
                "application/merge-patch+json": {
                    labels?: {
                        [key: string]: string | null;
                    } | null;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Network"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `NETWORK_NOT_FOUND`: No such network
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOperations: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId?: string;
                /**
                 * @description Only those with this status.
                 * @example succeeded
                 */
                status?: "pending" | "running" | "succeeded" | "failed" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *           "kind": "start",
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "status": "succeeded",
                     *           "error": null,
                     *           "note": null,
                     *           "progress": null,
                     *           "snapshotId": null,
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "finishedAt": "2026-03-01T09:31:12.500Z",
                     *           "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Operation"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOperation: {
        parameters: {
            query?: {
                /**
                 * @description Answer when it has ended, after so many seconds at the latest. Proxies may allow less.
                 * @example 30
                 */
                wait?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The operation's `id`.
                 * @example 01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33
                 */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OPERATION_NOT_FOUND`: No such operation */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelOperation: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The operation's `id`.
                 * @example 01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33
                 */
                operationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OPERATION_NOT_FOUND`: No such operation */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `OPERATION_FINISHED`: The operation has ended.
             *     `OPERATION_NOT_CANCELLABLE`: The host has the request already
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPreflights: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)",
                     *           "request": {
                     *             "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *             "hostSelector": {
                     *               "zone": "b"
                     *             },
                     *             "target": {
                     *               "version": "1.1"
                     *             }
                     *           },
                     *           "target": {
                     *             "description": "SYSTEM_OFF2 is answered NOT_SUPPORTED.",
                     *             "accepted": [
                     *               "1.1"
                     *             ],
                     *             "default": "1.1",
                     *             "fingerprint": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *           },
                     *           "counts": {
                     *             "keeps": 1,
                     *             "seesChange": 1,
                     *             "cannotStart": 1,
                     *             "cannotResume": 1
                     *           }
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["PreflightSummary"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPreflight: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                 *       "target": {
                 *         "version": "1.1"
                 *       }
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: uuid
                     * @description The host that is to change.
                     */
                    hostId?: string;
                    /** @description Labels of the hosts that are to change; `{}` takes all. This or `hostId`. */
                    hostSelector?: {
                        [key: string]: string;
                    };
                    target: {
                        /**
                         * @description A kernel whose newest version is this one.
                         * @enum {unknown}
                         */
                        version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                        /**
                         * Format: uuid
                         * @description A kernel like that of this host.
                         */
                        hostId?: string;
                        /** @description A kernel with this fingerprint; any that a host of the fleet has or had. */
                        fingerprint?: string;
                    };
                };
            };
        };
        responses: {
            /** @description What a change of kernels would show to guests, as of its time. It never changes. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preflight"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `FINGERPRINT_UNKNOWN`: The body names a fingerprint that nobody has had.
             *     `HOST_UNKNOWN`: The body names a host that does not exist
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPreflight: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The preflight's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                preflightId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a change of kernels would show to guests, as of its time. It never changes. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preflight"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `PREFLIGHT_NOT_FOUND`: No such preflight
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPsciPolicies: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "team-a-holds-1.1",
                     *           "selector": {
                     *             "team": "a"
                     *           },
                     *           "version": "1.1",
                     *           "priority": 10,
                     *           "enforcement": "enforce",
                     *           "revision": 1,
                     *           "changedBy": "text",
                     *           "changedAt": "2026-03-01T09:31:12.500Z",
                     *           "vms": 1,
                     *           "createdAt": "2026-03-01T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["PsciPolicy"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPsciPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Says what would happen.
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "team-a-holds-1.1",
                 *       "selector": {
                 *         "team": "a"
                 *       },
                 *       "version": "1.1",
                 *       "priority": 10,
                 *       "enforcement": "enforce"
                 *     }
                 */
                "application/json": {
                    /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                    name: string;
                    /** @description Labels that a VM must have, all of them; `{}` selects every VM. */
                    selector: {
                        [key: string]: string;
                    };
                    /**
                     * @description A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; `latest`: the newest of the host, at every cold boot.
                     * @enum {unknown}
                     */
                    version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3" | "sticky" | "latest";
                    /**
                     * @description Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must differ in it.
                     * @default 0
                     */
                    priority?: number;
                    /**
                     * @description `audit`: listed with what it would give, and never applied.
                     * @default enforce
                     * @enum {unknown}
                     */
                    enforcement?: "enforce" | "audit";
                };
            };
        };
        responses: {
            /** @description What the request would do. It has changed nothing. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PsciPolicyDryRun"];
                };
            };
            /** @description Which pin the VMs get that inherit theirs (`psci.policy` is `inherit`). */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PsciPolicy"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `PSCI_POLICY_NAME_TAKEN`: The name is taken.
             *     `PSCI_POLICY_TIE`: Two policies would decide for one VM
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `PSCI_VERSION_INSECURE`: The PSCI version is below the security floor
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPsciPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The policy's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Which pin the VMs get that inherit theirs (`psci.policy` is `inherit`). */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PsciPolicy"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `PSCI_POLICY_NOT_FOUND`: No such policy
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deletePsciPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Says what would happen.
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The policy's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the request would do. It has changed nothing. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PsciPolicyDryRun"];
                };
            };
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `PSCI_POLICY_NOT_FOUND`: No such policy
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updatePsciPolicy: {
        parameters: {
            query?: {
                /**
                 * @description Says what would happen.
                 * @example false
                 */
                dryRun?: boolean;
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The policy's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                policyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.3"
                 *     }
                 */
                "application/merge-patch+json": {
                    /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                    name?: string;
                    /** @description Null removes a label. Without any it selects every VM. */
                    selector?: {
                        [key: string]: string | null;
                    };
                    /**
                     * @description A version from 1.0 on; `sticky`: what a VM had at its last boot, or the default of the first host it boots on; `latest`: the newest of the host, at every cold boot.
                     * @enum {unknown}
                     */
                    version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3" | "sticky" | "latest";
                    /** @description Of the enforced policies that select a VM the one with the highest decides. Two that could select the same VM must differ in it. */
                    priority?: number;
                    /**
                     * @description `audit`: listed with what it would give, and never applied.
                     * @enum {unknown}
                     */
                    enforcement?: "enforce" | "audit";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "name": "team-a-holds-1.1",
                     *       "selector": {
                     *         "team": "a"
                     *       },
                     *       "version": "1.1",
                     *       "priority": 10,
                     *       "enforcement": "enforce",
                     *       "revision": 1,
                     *       "changedBy": "text",
                     *       "changedAt": "2026-03-01T09:31:12.500Z",
                     *       "vms": 1,
                     *       "createdAt": "2026-03-01T09:30:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["PsciPolicy"] | components["schemas"]["PsciPolicyDryRun"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `PSCI_POLICY_NOT_FOUND`: No such policy
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `PSCI_POLICY_NAME_TAKEN`: The name is taken.
             *     `PSCI_POLICY_TIE`: Two policies would decide for one VM
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PSCI_VERSION_INSECURE`: The PSCI version is below the security floor */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_REQUIRED`: If-Match is needed */
            428: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPsciPolicyRevisions: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The policy's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                policyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "web-1",
                     *           "selector": {
                     *             "team": "a"
                     *           },
                     *           "version": "1.1",
                     *           "priority": 10,
                     *           "enforcement": "enforce",
                     *           "revision": 1,
                     *           "changedBy": "text",
                     *           "changedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["PsciPolicyRevision"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `PSCI_POLICY_NOT_FOUND`: No such policy
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffPsciVersions: {
        parameters: {
            query?: {
                /**
                 * @description The version to compare from.
                 * @example 1.1
                 */
                from?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /**
                 * @description The version to compare to.
                 * @example 1.3
                 */
                to?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /**
                 * @description The version to look at.
                 * @example 1.1
                 */
                version?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                /**
                 * @description The host to compare from, as it was measured.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                fromHostId?: string;
                /**
                 * @description The host to compare to, as it was measured.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                toHostId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PsciDiff"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `FINGERPRINT_NOT_FOUND`: No such fingerprint.
             *     `HOST_NOT_FOUND`: No such host
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPsciVersions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "version": "1.1",
                     *           "registerValue": "text",
                     *           "insecure": false,
                     *           "hibernateDetection": false,
                     *           "fleetDefault": false,
                     *           "hosts": 1,
                     *           "compatible": [
                     *             "text"
                     *           ],
                     *           "functions": [
                     *             {
                     *               "name": "web-1",
                     *               "id32": "text",
                     *               "id64": "text",
                     *               "since": "0.1"
                     *             }
                     *           ],
                     *           "returnCodes": [
                     *             {
                     *               "name": "web-1",
                     *               "value": 1
                     *             }
                     *           ],
                     *           "changes": [
                     *             {
                     *               "description": "SYSTEM_OFF2 is answered NOT_SUPPORTED.",
                     *               "source": "vm"
                     *             }
                     *           ],
                     *           "consequences": [
                     *             {
                     *               "description": "SYSTEM_OFF2 is answered NOT_SUPPORTED.",
                     *               "source": "vm"
                     *             }
                     *           ],
                     *           "breaks": [
                     *             {
                     *               "guest": "text",
                     *               "breaksAt": [
                     *                 "0.1"
                     *               ],
                     *               "symptom": "text",
                     *               "source": "vm"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["PsciVersionInfo"][];
                    };
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRollouts: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "team-a-to-1.3",
                     *           "selector": {
                     *             "team": "a"
                     *           },
                     *           "to": {
                     *             "policy": "pinned",
                     *             "version": "1.1",
                     *             "allowInsecure": false
                     *           },
                     *           "status": "running",
                     *           "reason": null,
                     *           "wave": 1,
                     *           "soakUntil": null,
                     *           "waves": [
                     *             {
                     *               "percent": 10,
                     *               "count": 1,
                     *               "soakSeconds": 1,
                     *               "vms": 1,
                     *               "states": {}
                     *             }
                     *           ],
                     *           "vms": 1,
                     *           "states": {},
                     *           "failures": 1,
                     *           "failureThreshold": 1,
                     *           "maxUnavailable": 1,
                     *           "restart": false,
                     *           "stopTimeoutSeconds": 1,
                     *           "health": {
                     *             "bootTimeoutSeconds": 1,
                     *             "upSeconds": 1,
                     *             "probe": {
                     *               "http": {
                     *                 "url": "https://hooks.example.com/holdfast",
                     *                 "status": 202
                     *               }
                     *             }
                     *           },
                     *           "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)",
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "finishedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Rollout"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRollout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "team-a-to-1.3",
                 *       "selector": {
                 *         "team": "a"
                 *       },
                 *       "to": {
                 *         "version": "1.3"
                 *       },
                 *       "waves": [
                 *         {
                 *           "count": 1,
                 *           "soakSeconds": 600
                 *         },
                 *         {
                 *           "percent": 25
                 *         },
                 *         {
                 *           "percent": 100
                 *         }
                 *       ],
                 *       "maxUnavailable": 2,
                 *       "failureThreshold": 1
                 *     }
                 */
                "application/json": {
                    /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                    name: string;
                    selector: {
                        [key: string]: string;
                    };
                    /** @description What each VM is to ask for in `psci`: a version of its own, or a policy. `{ "policy": "inherit" }` hands it to the policies of the fleet. */
                    to: {
                        /** @enum {unknown} */
                        version: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
                        /** @description Needed for 0.1 and 0.2. Audited. */
                        allowInsecure?: boolean;
                    } | {
                        /** @enum {unknown} */
                        policy: "inherit" | "sticky" | "latest";
                    };
                    waves: ({
                        percent: number;
                        /** @default 0 */
                        soakSeconds?: number;
                    } | {
                        count: number;
                        /** @default 0 */
                        soakSeconds?: number;
                    })[];
                    /**
                     * @description How many VMs may be down for the rollout, or not yet proven, at once.
                     * @default 1
                     */
                    maxUnavailable?: number;
                    /**
                     * @description Restarts VMs that run, by asking their guests to power off. Without it each changes when somebody boots it.
                     * @default false
                     */
                    restart?: boolean;
                    /**
                     * @description How long a guest has to power off. One that does not is skipped, and runs on.
                     * @default 60
                     */
                    stopTimeoutSeconds?: number;
                    health?: {
                        /**
                         * @description So long after its start it must run and, where there is a probe, have passed it.
                         * @default 300
                         */
                        bootTimeoutSeconds: number;
                        /**
                         * @description So long it must then stay up, without a reset, and pass the probe again.
                         * @default 60
                         */
                        upSeconds: number;
                        probe?: ({
                            http: {
                                url: string;
                                /** @description Default: any 2xx. */
                                status?: number;
                            };
                        } | {
                            tcp: {
                                host: string;
                                port: number;
                            };
                        }) | null;
                    };
                    /**
                     * @description So many VMs may fail; with one more the rollout is rolled back. A VM that failed goes back at once.
                     * @default 0
                     */
                    failureThreshold?: number;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `PSCI_VERSION_INSECURE`: The PSCI version is below the security floor.
             *     `ROLLOUT_SELECTS_NOTHING`: The selector selects no VM
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRollout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The rollout's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                rolloutId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `ROLLOUT_NOT_FOUND`: No such rollout
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRolloutEvents: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The rollout's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                rolloutId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "at": "2026-03-01T09:31:12.500Z",
                     *           "kind": "created",
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "vmName": "web-1",
                     *           "operationId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *           "detail": "web-1 runs with PSCI 1.1."
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["RolloutEvent"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `ROLLOUT_NOT_FOUND`: No such rollout
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseRollout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The rollout's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                rolloutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `ROLLOUT_NOT_FOUND`: No such rollout
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `ROLLOUT_STATUS`: The rollout is in no status for this
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRollout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The rollout's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                rolloutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `ROLLOUT_NOT_FOUND`: No such rollout
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `ROLLOUT_STATUS`: The rollout is in no status for this
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackRollout: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The rollout's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                rolloutId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rollout"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `ROLLOUT_NOT_FOUND`: No such rollout
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `ROLLOUT_STATUS`: The rollout is in no status for this
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRolloutVms: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description Only those in this state.
                 * @example waiting
                 */
                state?: "waiting" | "armed" | "stopping" | "booting" | "watching" | "healthy" | "set" | "unproven" | "skipped" | "reverting" | "returning" | "reverted" | "revertAtBoot";
            };
            header?: never;
            path: {
                /**
                 * @description The rollout's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                rolloutId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "web-1",
                     *           "wave": 1,
                     *           "state": "waiting",
                     *           "why": "The VM is pinned to 1.1.",
                     *           "failure": null,
                     *           "former": {
                     *             "policy": "pinned",
                     *             "version": "1.1"
                     *           },
                     *           "operationId": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *           "since": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["RolloutVm"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `ROLLOUT_NOT_FOUND`: No such rollout
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `oidc` null: with a token of this API only. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "ci",
                     *           "role": "operator",
                     *           "scope": {},
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "expiresAt": "2027-03-01T09:30:00.000Z",
                     *           "lastUsedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Token"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "role": "operator",
                 *       "expiresAt": "2027-03-01T09:30:00.000Z"
                 *     }
                 */
                "application/json": {
                    name: string;
                    /**
                     * @description Each may do what the ones before it may.
                     * @enum {unknown}
                     */
                    role: "viewer" | "operator" | "admin";
                    /** @description Labels that a VM must have for the token to reach it, with its events, operations, snapshots and console; without any it reaches everything. */
                    scope?: {
                        [key: string]: string;
                    };
                    expiresAt?: string | null;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedToken"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `EXPIRY_IN_PAST`: The expiry has passed
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `TOKEN_NOT_FOUND`: No such token
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteToken: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The token's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `TOKEN_NOT_FOUND`: No such token
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `LAST_ADMIN_TOKEN`: The last admin token stays
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVms: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description `key:value`; given several times, all must match.
                 * @example [
                 *       "team:a"
                 *     ]
                 */
                label?: string[];
                /**
                 * @description Given several times, any of them.
                 * @example [
                 *       "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11"
                 *     ]
                 */
                id?: string[];
                /**
                 * @description Only VMs in this phase.
                 * @example running
                 */
                phase?: "pending" | "starting" | "running" | "paused" | "stopping" | "stopped" | "hibernating" | "hibernated" | "migrating" | "failed" | "unknown";
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId?: string;
                /**
                 * @description `uname -r` of its host, or how that begins, up to a dot or a hyphen: `6.12`. `none`: on no host.
                 * @example 6.12.9-arm64
                 */
                kernel?: string;
                /**
                 * @description A part of its name or of a label `key:value`, or the beginning of its id; case does not matter.
                 * @example web
                 */
                search?: string;
                /**
                 * @description By `psci.effective`.
                 * @example 1.1
                 */
                psciVersion?: "0.1" | "0.2" | "1.0" | "1.1" | "1.2" | "1.3";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "web-1",
                     *           "labels": {
                     *             "team": "a"
                     *           },
                     *           "vcpus": 2,
                     *           "memoryMiB": 256,
                     *           "imageId": "01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20",
                     *           "cmdline": "console=ttyS0",
                     *           "disks": [
                     *             {
                     *               "name": "root",
                     *               "sizeMiB": 512,
                     *               "readOnly": false
                     *             }
                     *           ],
                     *           "nics": [
                     *             {
                     *               "name": "eth0",
                     *               "mac": "02:1d:7c:3e:5a:10",
                     *               "network": "default",
                     *               "address": "10.64.0.2"
                     *             }
                     *           ],
                     *           "vsock": false,
                     *           "vsockCid": null,
                     *           "psci": {
                     *             "policy": "pinned",
                     *             "version": "1.1",
                     *             "allowInsecure": false,
                     *             "allowMissingRegisters": false,
                     *             "systemSuspend": false,
                     *             "effective": "1.1",
                     *             "source": "vm",
                     *             "policyRevision": 1,
                     *             "why": "The VM is pinned to 1.1.",
                     *             "pinnedAt": "2026-03-01T09:31:12.500Z",
                     *             "hibernateDetection": false,
                     *             "fingerprint": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                     *           },
                     *           "firmware": null,
                     *           "snapshotId": null,
                     *           "restoring": false,
                     *           "onGuest": {
                     *             "poweroff": "stop",
                     *             "reset": "restart",
                     *             "crash": "stop"
                     *           },
                     *           "hostSelector": {
                     *             "zone": "b"
                     *           },
                     *           "onDrain": "stop",
                     *           "powerState": "running",
                     *           "phase": "running",
                     *           "reason": null,
                     *           "hibernation": null,
                     *           "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                     *           "generation": 3,
                     *           "observedGeneration": 3,
                     *           "deleting": false,
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "updatedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Vm"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "web-1",
                 *       "labels": {
                 *         "team": "a"
                 *       },
                 *       "vcpus": 2,
                 *       "memoryMiB": 256,
                 *       "imageId": "01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20",
                 *       "disks": [
                 *         {
                 *           "name": "root",
                 *           "sizeMiB": 512,
                 *           "readOnly": false
                 *         }
                 *       ],
                 *       "nics": [
                 *         {
                 *           "name": "eth0"
                 *         }
                 *       ],
                 *       "psci": {
                 *         "policy": "pinned",
                 *         "version": "1.1"
                 *       },
                 *       "onGuest": {
                 *         "poweroff": "stop",
                 *         "reset": "restart",
                 *         "crash": "stop"
                 *       },
                 *       "hostSelector": {
                 *         "zone": "b"
                 *       },
                 *       "powerState": "running"
                 *     }
                 */
                "application/json": components["schemas"]["NewVm"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "operation-location": components["headers"]["operation-location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vm"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `MAC_TAKEN`: The MAC is taken in its network.
             *     `NETWORK_FULL`: The network has no address left.
             *     `SNAPSHOT_MISMATCH`: The snapshot is of another machine.
             *     `SNAPSHOT_PIN_FIXED`: The firmware comes from the snapshot.
             *     `VM_NAME_TAKEN`: The name is taken
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `DISKS_STAY`: Disks stay on their host.
             *     `DUPLICATE_DISK_NAME`: Two disks have one name.
             *     `DUPLICATE_NIC_NAME`: Two NICs have one name.
             *     `IMAGE_UNKNOWN`: The body names an image that does not exist.
             *     `MAC_INVALID`: The MAC is not one of a NIC.
             *     `MEMORY_EXCEEDS_HOSTS`: No host has that much memory.
             *     `NETWORK_UNKNOWN`: The body names a network that does not exist.
             *     `PSCI_VERSION_INSECURE`: The PSCI version is below the security floor.
             *     `PSCI_VERSION_NOT_ALLOWED`: The policy takes no version.
             *     `PSCI_VERSION_REQUIRED`: The policy needs a version.
             *     `SNAPSHOT_UNKNOWN`: No such snapshot.
             *     `VCPUS_EXCEED_HOSTS`: No host has that many vCPUs
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vm"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "delete",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `VM_RUNNING`: The VM has a run
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateVm: {
        parameters: {
            query?: {
                /**
                 * @description Changes the pin or the hardware although the guest has, or may have, hibernated. Audited.
                 * @example false
                 */
                force?: boolean;
            };
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "labels": {
                 *         "team": "b",
                 *         "stage": null
                 *       },
                 *       "memoryMiB": 512
                 *     }
                 */
                "application/merge-patch+json": components["schemas"]["VmPatch"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "operation-location": components["headers"]["operation-location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Vm"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `NO_HOST_AVAILABLE`: No host can take the VM.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `PSCI_PIN_LOCKED`: The pin cannot change now.
             *     `PSCI_VERSION_NOT_SUPPORTED`: No fitting host accepts the PSCI version.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_HIBERNATED`: The VM is hibernated.
             *     `VM_PAUSED`: The VM is paused.
             *     `VM_RUNNING`: The VM has a run
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `DISKS_STAY`: Disks stay on their host.
             *     `FIELD_IMMUTABLE`: The field cannot change.
             *     `MEMORY_EXCEEDS_HOSTS`: No host has that much memory.
             *     `PSCI_VERSION_INSECURE`: The PSCI version is below the security floor.
             *     `PSCI_VERSION_NOT_ALLOWED`: The policy takes no version.
             *     `PSCI_VERSION_REQUIRED`: The policy needs a version.
             *     `VCPUS_EXCEED_HOSTS`: No host has that many vCPUs
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConsole: {
        parameters: {
            query?: {
                /**
                 * @description An earlier boot; else the current or last one.
                 * @example 01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44
                 */
                bootId?: string;
                /**
                 * @description Stream until the VM is off, over resets too.
                 * @example false
                 */
                follow?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /** @example [    0.000000] Booting Linux on physical CPU 0x0000000000 */
                    "text/plain": string;
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `BOOT_NOT_FOUND`: No such boot.
             *     `VM_NOT_FOUND`: No such VM
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONSOLE_NOT_KEPT`: Console no longer kept */
            410: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVmEvents: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description Oldest or newest first.
                 * @example asc
                 */
                order?: "asc" | "desc";
                /**
                 * @description Only what comes after the event with this cursor.
                 * @example 1042-7
                 */
                after?: string;
                /**
                 * @description `nextPageToken` of the page before, or the `cursor` of an event: the page begins behind it.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description Only what was observed then or later.
                 * @example 2026-03-01T09:31:12.500Z
                 */
                since?: string;
                /**
                 * @description Only what was observed before then.
                 * @example 2026-03-01T09:31:12.500Z
                 */
                until?: string;
                /**
                 * @description Only events of this kind.
                 * @example poweroff
                 */
                kind?: "started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost";
                /**
                 * @description Who asked for it. `unknown` where that cannot be told.
                 * @example guest
                 */
                initiator?: "guest" | "operator" | "policy" | "host" | "unknown";
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "cursor": "1042-7",
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "runId": "01987c3e-6a81-7e55-9f10-2b3c4d5e6f55",
                     *           "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                     *           "sequence": 2,
                     *           "kind": "poweroff",
                     *           "initiator": "guest",
                     *           "intentId": null,
                     *           "psci": {
                     *             "version": "1.1",
                     *             "function": "SYSTEM_OFF",
                     *             "type": null,
                     *             "cookie": null
                     *           },
                     *           "hibernation": "no",
                     *           "kvm": {
                     *             "type": 1,
                     *             "data": [
                     *               "0x0"
                     *             ]
                     *           },
                     *           "reason": null,
                     *           "snapshot": null,
                     *           "pin": null,
                     *           "migration": {
                     *             "fromHostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *             "toHostId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77"
                     *           },
                     *           "observedAt": "2026-03-01T09:31:12.500Z",
                     *           "recordedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Event"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamVmEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only what comes after the event with this cursor.
                 * @example 1042-7
                 */
                after?: string;
                /**
                 * @description Only events of this kind.
                 * @example poweroff
                 */
                kind?: "started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost";
                /**
                 * @description Who asked for it. `unknown` where that cannot be told.
                 * @example guest
                 */
                initiator?: "guest" | "operator" | "policy" | "host" | "unknown";
                /**
                 * @description The host's `id`.
                 * @example 01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01
                 */
                hostId?: string;
            };
            header?: {
                /**
                 * @description The last `id` seen: resume behind it.
                 * @example 1042-7
                 */
                "last-event-id"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 2000
                     *
                     *     id: 1042-7
                     *     data: {"id":"01987c3e-7d20-7a77-b543-7f8a9b0c1d77","vmId":"01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11","kind":"poweroff"}
                     */
                    "text/event-stream": string;
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    hibernateVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "timeoutSeconds": 300
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the guest has to answer, in seconds.
                     * @default 300
                     */
                    timeoutSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "hibernate",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_RUNNING`: The VM does not run.
             *     `VM_PAUSED`: The VM is paused
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    killVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "kill",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_NOT_RUNNING`: The VM does not run
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    migrateVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: uuid
                     * @description The host to move to. Without it placement chooses another than the present one.
                     */
                    hostId?: string;
                };
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "migrate",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `AGENT_TOO_OLD`: The host's agent is of an earlier release.
             *     `FINGERPRINT_MISMATCH`: No fitting host answers the guest as it knows.
             *     `FIRMWARE_FEATURE_MISSING`: No fitting host gives guests SYSTEM_SUSPEND.
             *     `FIRMWARE_REGISTER_MISSING`: No fitting host has the firmware registers.
             *     `HOST_LOST`: The host was declared lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `NO_HOST_AVAILABLE`: No host can take the VM.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `PSCI_VERSION_NOT_SUPPORTED`: No fitting host accepts the PSCI version.
             *     `VM_ALREADY_ON_HOST`: The VM is on that host.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_ON_A_HOST`: The VM is on no host.
             *     `VM_RESTORING`: The VM is still to go on from a saved state
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `HOST_UNKNOWN`: The body names a host that does not exist
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "pause",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_ALREADY_PAUSED`: The VM is paused.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_RUNNING`: The VM does not run
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainVmPsci: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VmPsci"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "reset",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_RUNNING`: The VM does not run.
             *     `VM_PAUSED`: The VM is paused
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "resume",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_PAUSED`: The VM is not paused.
             *     `VM_NOT_RUNNING`: The VM does not run
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSnapshots: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "name": "before-upgrade",
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "vmName": "web-1",
                     *           "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *           "bootId": "01987c3e-6a90-7b3c-8e21-4d5f6a7b8c44",
                     *           "psci": "1.1",
                     *           "firmware": {
                     *             "psci": "1.1",
                     *             "psci02": false,
                     *             "systemSuspend": false,
                     *             "registers": {
                     *               "SMCCC_ARCH_WORKAROUND_1": "0x0",
                     *               "SMCCC_ARCH_WORKAROUND_2": "0x0",
                     *               "SMCCC_ARCH_WORKAROUND_3": "0x0",
                     *               "STD_BMAP": "0x0",
                     *               "STD_HYP_BMAP": "0x0",
                     *               "VENDOR_HYP_BMAP": "0x0",
                     *               "VENDOR_HYP_BMAP_2": "0x0"
                     *             },
                     *             "psciCompatible": [
                     *               "arm,psci-1.0"
                     *             ],
                     *             "mpidrs": [
                     *               1
                     *             ],
                     *             "idRegisters": {}
                     *           },
                     *           "vcpus": 2,
                     *           "memoryMiB": 256,
                     *           "imageId": "01987c3e-4f31-7d0a-b6c2-7a1e5d9c3f20",
                     *           "cmdline": "console=ttyS0",
                     *           "disks": [
                     *             {
                     *               "name": "web-1",
                     *               "sizeMiB": 512,
                     *               "readOnly": false
                     *             }
                     *           ],
                     *           "nics": [
                     *             {
                     *               "name": "web-1",
                     *               "mac": "02:1d:7c:3e:5a:10",
                     *               "network": "default"
                     *             }
                     *           ],
                     *           "vsock": false,
                     *           "digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                     *           "sizeBytes": 12582912,
                     *           "pauseMilliseconds": 1,
                     *           "savedAt": "2026-03-01T09:31:12.500Z",
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Snapshot"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSnapshot: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "before-upgrade"
                 *     }
                 */
                "application/json": {
                    /** @description 1 to 63 letters, digits, dots, underscores and hyphens; a letter or digit at both ends. */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "start",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_RUNNING`: The VM does not run
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSnapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
                /**
                 * @description The snapshot's `id`.
                 * @example 01987c3e-9c00-7d66-8a32-6e7f8a9b0c66
                 */
                snapshotId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A guest as it was at one instant, with its disks. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SNAPSHOT_NOT_FOUND`: No such snapshot */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSnapshot: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
                /**
                 * @description The snapshot's `id`.
                 * @example 01987c3e-9c00-7d66-8a32-6e7f8a9b0c66
                 */
                snapshotId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `SNAPSHOT_NOT_FOUND`: No such snapshot */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `SNAPSHOT_IN_USE`: VMs are still to go on from the snapshot
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    /**
                     * @description With blank disks on another host, when the one that has them was declared lost.
                     * @default false
                     */
                    freshDisks?: boolean;
                    /**
                     * @description Let a guest that goes on, or may, do so where PSCI calls are answered otherwise than it knows; the audit notes it. `GET /v1/hosts/{hostId}/fingerprint` has the difference in words.
                     * @default false
                     */
                    anyFingerprint?: boolean;
                };
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "start",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `DISKS_NOT_LOST`: The disks are there.
             *     `FINGERPRINT_MISMATCH`: No fitting host answers the guest as it knows.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `NO_HOST_AVAILABLE`: No host can take the VM.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `PSCI_VERSION_NOT_SUPPORTED`: No fitting host accepts the PSCI version.
             *     `VM_ALREADY_RUNNING`: The VM runs.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_PAUSED`: The VM is paused
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stopVm: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The VM's `id`.
                 * @example 01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11
                 */
                vmId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "timeoutSeconds": 60,
                 *       "force": false
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the guest has to answer, in seconds.
                     * @default 60
                     */
                    timeoutSeconds?: number;
                    /**
                     * @description End the VM when its guest does not answer in time.
                     * @default false
                     */
                    force?: boolean;
                };
            };
        };
        responses: {
            /** @description Accepted: the operation tells how it goes. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "01987c3e-6a7b-7f02-a1d4-5c8e9b0f2d33",
                     *       "kind": "stop",
                     *       "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *       "hostId": "01987c3e-4b02-7a1f-8c55-0e9d2b7f6a01",
                     *       "status": "pending",
                     *       "error": null,
                     *       "note": null,
                     *       "progress": null,
                     *       "snapshotId": null,
                     *       "createdAt": "2026-03-01T09:30:00.000Z",
                     *       "finishedAt": null,
                     *       "requestedBy": "ci (token 01987c3e-5000-7000-8000-000000000001)"
                     *     }
                     */
                    "application/json": components["schemas"]["Operation"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `VM_NOT_FOUND`: No such VM */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `HOST_UNREACHABLE`: The host is silent.
             *     `OPERATION_IN_PROGRESS`: Another operation is under way.
             *     `VM_DELETING`: The VM is being deleted.
             *     `VM_MIGRATING`: The VM is on its way to another host.
             *     `VM_NOT_RUNNING`: The VM does not run.
             *     `VM_PAUSED`: The VM is paused
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-8f10-7b88-a654-8f9a0b1c2d88",
                     *           "url": "https://hooks.example.com/holdfast",
                     *           "kinds": [
                     *             "poweroff",
                     *             "hibernate",
                     *             "crash"
                     *           ],
                     *           "labels": {
                     *             "team": "a"
                     *           },
                     *           "enabled": true,
                     *           "disabledReason": null,
                     *           "previousSecretExpiresAt": null,
                     *           "failingSince": null,
                     *           "deliveries": {
                     *             "waiting": 0,
                     *             "dead": 0
                     *           },
                     *           "createdAt": "2026-03-01T09:30:00.000Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://hooks.example.com/holdfast",
                 *       "kinds": [
                 *         "poweroff",
                 *         "hibernate",
                 *         "crash"
                 *       ],
                 *       "labels": {
                 *         "team": "a"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description Where to POST to, by https and at a public address. HOLDFAST_WEBHOOK_NETWORKS names networks that may be reached besides, and by http. */
                    url: string;
                    /**
                     * @description Only events of these kinds; `[]` for every kind.
                     * @default []
                     */
                    kinds?: ("started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost")[];
                    /**
                     * @description Only events of VMs that have these labels, all of them; `{}` for every VM.
                     * @default {}
                     */
                    labels?: {
                        [key: string]: string;
                    };
                    /**
                     * @description Events that happen while it is false are not sent; they are in the event log.
                     * @default true
                     */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `WEBHOOK_LIMIT`: There are as many webhooks as may be
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request.
             *     `WEBHOOK_URL_REFUSED`: Webhooks are not sent there
             */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where events are sent to. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kinds": [],
                 *       "labels": {
                 *         "team": null
                 *       }
                 *     }
                 */
                "application/merge-patch+json": {
                    /** @description Where to POST to, by https and at a public address. HOLDFAST_WEBHOOK_NETWORKS names networks that may be reached besides, and by http. */
                    url?: string;
                    /** @description Only events of these kinds; `[]` for every kind. */
                    kinds?: ("started" | "poweroff" | "hibernate" | "reset" | "suspend" | "crash" | "killed" | "paused" | "resumed" | "saved" | "restored" | "migrated" | "lost")[];
                    labels?: {
                        [key: string]: string | null;
                    } | null;
                    /** @description Events that happen while it is false are not sent; they are in the event log. */
                    enabled?: boolean;
                };
            };
        };
        responses: {
            /** @description Where events are sent to. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `CONFLICT`: Another change came first */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `WEBHOOK_URL_REFUSED`: Webhooks are not sent there */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /**
                 * @description At most so many items.
                 * @example 50
                 */
                limit?: number;
                /**
                 * @description `nextPageToken` of the page before.
                 * @example MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx
                 */
                pageToken?: string;
                /**
                 * @description `queued` behind an earlier one of its VM; `pending`: it is sent, or will be again; `delivered`; `dead`: given up after its last try.
                 * @example queued
                 */
                status?: "queued" | "pending" | "delivered" | "dead";
            };
            header?: never;
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "id": "01987c3e-8f22-7c99-b765-9a0b1c2d3e99",
                     *           "webhookId": "01987c3e-8f10-7b88-a654-8f9a0b1c2d88",
                     *           "type": "vm.poweroff",
                     *           "eventId": "01987c3e-7d20-7a77-b543-7f8a9b0c1d77",
                     *           "vmId": "01987c3e-5a10-7c4e-9d0b-3f6f1c2a7b11",
                     *           "status": "delivered",
                     *           "attempts": 1,
                     *           "nextAttemptAt": null,
                     *           "lastAttempt": {
                     *             "at": "2026-03-01T09:31:12.500Z",
                     *             "milliseconds": 84,
                     *             "status": 204,
                     *             "body": "",
                     *             "error": null
                     *           },
                     *           "createdAt": "2026-03-01T09:30:00.000Z",
                     *           "finishedAt": "2026-03-01T09:31:12.500Z"
                     *         }
                     *       ],
                     *       "nextPageToken": "MDE5ODdjM2UtNWExMC03YzRlLTlkMGItM2Y2ZjFjMmE3YjEx"
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        nextPageToken: string | null;
                    };
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_PAGE_TOKEN`: The page token is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
                /**
                 * @description The delivery's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One message to one webhook. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_DELIVERY_NOT_FOUND`: No such delivery.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resendWebhookDelivery: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
                /**
                 * @description The delivery's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description One message to one webhook. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_DELIVERY_NOT_FOUND`: No such delivery.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `WEBHOOK_DELIVERY_QUEUED`: An earlier delivery of the VM comes first.
             *     `WEBHOOK_DISABLED`: The webhook is disabled
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
                /**
                 * @description The ETag of what was read: refused with `PRECONDITION_FAILED` when it has changed since.
                 * @example "3"
                 */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 86400
                 *     }
                 */
                "application/json": {
                    /**
                     * @description For how long the old secret signs too.
                     * @default 86400
                     */
                    overlapSeconds?: number;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    etag: components["headers"]["etag"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `PRECONDITION_FAILED`: The resource has changed */
            412: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Makes it safe to send the request again: with the same key and body it is carried out once, and every answer is that of the first. Kept for a day.
                 * @example b7c1e2f0-create-web-1
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description The webhook's `id`.
                 * @example 01987c3e-7d20-7a77-b543-7f8a9b0c1d77
                 */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description One message to one webhook. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    location: components["headers"]["location"];
                    "idempotency-replayed": components["headers"]["idempotency-replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /**
             * @description `INVALID_REQUEST`: The request cannot be read.
             *     `VALIDATION_FAILED`: The request does not match its schema.
             *     `INVALID_JSON`: The body is not valid JSON.
             *     `INVALID_HEADER`: A header is not valid
             */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OUTSIDE_SCOPE`: Nothing here is within the scope of the token.
             *     `WEBHOOK_NOT_FOUND`: No such webhook
             */
            404: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `REQUEST_TIMEOUT`: The request took too long to arrive */
            408: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `CONFLICT`: Another change came first.
             *     `IDEMPOTENCY_KEY_IN_USE`: A request with this key is still running.
             *     `IDEMPOTENCY_ANSWER_LOST`: The request took effect, but its answer was lost.
             *     `WEBHOOK_DISABLED`: The webhook is disabled
             */
            409: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNSUPPORTED_MEDIA_TYPE`: The content type is not supported */
            415: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `IDEMPOTENCY_KEY_REUSED`: The key was used for another request */
            422: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWhoami: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whoami"];
                };
            };
            /** @description `INVALID_REQUEST`: The request cannot be read */
            400: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `UNAUTHENTICATED`: A valid token is needed */
            401: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "www-authenticate": components["headers"]["www-authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `FORBIDDEN`: The token does not allow this */
            403: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `INTERNAL`: Something went wrong here */
            500: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `OVERLOADED`: The service has more to do than it can.
             *     `ISSUER_UNAVAILABLE`: The issuer of the token cannot be reached.
             *     `DATABASE_UNAVAILABLE`: The database cannot be reached
             */
            503: {
                headers: {
                    "x-request-id": components["headers"]["x-request-id"];
                    "retry-after": components["headers"]["retry-after"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
