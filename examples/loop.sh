#!/usr/bin/env bash
# The whole loop over REST, with curl only: a person, a case, consent, a referral; the answer, the outcome; the person's word.
#
#   SENDER_TOKEN=… RECEIVER_TOKEN=… examples/loop.sh [http://127.0.0.1:8080]
#
# Make the tokens under My account → Tokens for programs: one as a case worker (amina in the demonstration), one as a provider (chen).
set -euo pipefail
base=${1:-http://127.0.0.1:8080}

# call TOKEN METHOD PATH [JSON]: sends one request; a POST carries an idempotency key, so that a retry does nothing twice.
call() {
  local token=$1 method=$2 path=$3 body=${4:-}
  curl --silent --show-error --fail-with-body --request "$method" "$base$path" \
    --header "Authorization: Bearer $token" --header "Content-Type: application/json" \
    --header "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" ${version:+--header "If-Match: \"$version\""} ${body:+--data "$body"}
}
# field NAME: the first value of this name in a JSON answer.
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

person=$(call "$SENDER_TOKEN" POST /api/v1/people '{"name": "Quaint Wayfarer", "sex": "female", "born_on": "1990-05-01", "admin1": "Marsa", "somebody_else": true}' | field id)
echo "person   $person"
kase=$(call "$SENDER_TOKEN" POST /api/v1/cases "{\"person_id\": \"$person\", \"case_type\": 1, \"intake_source\": \"self\", \"priority\": \"normal\", \"limits_explained_on\": \"$(date +%F)\"}" | field id)
echo "case     $kase"
service=$(call "$SENDER_TOKEN" GET '/api/v1/services?need=health&q=General+practice' | field id)
echo "service  $service"
call "$SENDER_TOKEN" POST "/api/v1/cases/$kase/consents" "{\"fields\": {\"person\": \"$person\", \"answer\": \"yes\", \"purpose\": \"to be seen by a doctor\", \"given_by\": \"person\", \"form\": \"signature\",
  \"language\": \"Arabic\", \"spoken_alone\": \"yes\", \"understood\": \"yes\", \"given_on\": \"$(date +%F)\"},
  \"to_kinds\": [\"provider\"], \"sections\": [\"need\", \"urgency\", \"area\", \"identity\"]}" > /dev/null
echo "consent  recorded"
referral=$(call "$SENDER_TOKEN" POST "/api/v1/cases/$kase/referrals" "{\"to\": \"service:$service\", \"fields\": {\"need\": [\"health\"], \"reason\": [\"Fever for a week\"], \"priority\": [\"normal\"], \"person\": [\"$person\"],
  \"sections\": [\"need\", \"urgency\", \"area\", \"identity\"], \"already_receives\": [\"no\"], \"without_help\": [\"no\"], \"available_here\": [\"yes\"],
  \"safe_for_person\": [\"yes\"], \"safe_for_worker\": [\"yes\"], \"follow_up\": [\"with_worker\"]}}" | field id)
echo "referral $referral"

# move TOKEN ACTION [FIELDS]: does one thing with the referral in the version that was read, and prints where it stands.
move() {
  local version
  version=$(call "$1" GET "/api/v1/referrals/$referral" | field version)
  call "$1" POST "/api/v1/referrals/$referral/moves" "{\"action\": \"$2\", \"fields\": ${3:-{\}}}" > /dev/null
  printf '%-15s → %s\n' "$2" "$(call "$SENDER_TOKEN" GET "/api/v1/referrals/$referral" | field step)"
}
move "$SENDER_TOKEN" submit
move "$RECEIVER_TOKEN" acknowledge
move "$RECEIVER_TOKEN" accept
move "$RECEIVER_TOKEN" complete '{"what": ["Seen by the doctor"]}'
move "$SENDER_TOKEN" confirm_receipt '{"receipt": ["received"], "by": ["person"]}'
echo "loop     $(call "$SENDER_TOKEN" GET "/api/v1/referrals/$referral" | field loop)"
