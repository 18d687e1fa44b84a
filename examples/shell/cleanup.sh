#!/bin/sh
# Plans the retention cleanup of a target and runs exactly that plan; needs nothing but curl.
#
#   CARETAKER_URL=http://127.0.0.1:7421 cleanup.sh TARGET
#
# CARETAKER_TOKEN is sent as a bearer token if it is set. With an id of the job in CARETAKER_REQUEST_ID a repeat of the job for the
# same target attaches to the run that the first one started (that needs sha256sum, too). One event a line goes to standard output.
# Exit codes: 0 complete, 1 failed or refused, 7 partial (deadline, pinned or residual rows): those of `caretaker execute`.
set -eu

target=${1:?usage: cleanup.sh TARGET}
url=${CARETAKER_URL:-http://127.0.0.1:7421}

call() { # call METHOD JSON [curl options]
  method=$1 body=$2
  shift 2
  curl --fail-with-body --silent --show-error --no-buffer "$@" \
    ${CARETAKER_TOKEN:+--header "Authorization: Bearer $CARETAKER_TOKEN"} \
    --header 'Content-Type: application/json' --data "$body" "$url/caretaker.v1.$method"
}

if [ -n "${CARETAKER_REQUEST_ID:-}" ]; then
  # A UUID that follows from the job and the target: one workflow may have a step for each of several targets.
  job=$(printf '%s %s' "$CARETAKER_REQUEST_ID" "$target" | sha256sum |
    sed 's/^\(.\{8\}\)\(.\{4\}\)\(.\{4\}\)\(.\{4\}\)\(.\{12\}\).*/\1-\2-\3-\4-\5/')
else
  job=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
fi
# A request has an id of its own; the last digit tells the two of a job apart.
job=${job%?}

planned=$(call MaintenanceService/PlanCleanup "{\"requestId\": \"${job}0\", \"target\": \"$target\"}") || {
  echo "$planned" >&2
  exit 1
}
plan=$(printf %s "$planned" | sed -n 's/^{"plan":{"planId":"\([0-9a-f-]*\)".*/\1/p')

ends=$(mktemp)
trap 'rm -f "$ends"' EXIT
call MaintenanceService/ExecuteCleanup "{\"requestId\": \"${job}1\", \"planId\": \"$plan\"}" \
  --header 'Accept: application/x-ndjson' | tee "$ends"

case $(tail -n 1 "$ends") in
  *'"outcome":"RUN_OUTCOME_COMPLETE"'*) ;;
  *'"outcome":"RUN_OUTCOME_'DEADLINE* | *'"outcome":"RUN_OUTCOME_'PINNED* | *'"outcome":"RUN_OUTCOME_'RESIDUAL*) exit 7 ;;
  *) exit 1 ;;
esac
