#!/usr/bin/perl
# Whether it is alive and ready, and what it says of itself.
use v5.30;
use warnings;

use Parley::Server qw(run);
use Parley::Test;

my $parley = Parley::Test->new;
my $open = $parley->client({});
my @open = qw(/v1/health /v1/ready /v1/openapi.json);

for my $path (@open) {
	is($open->get($path)->status, 200, "$path needs no key");
	is($open->get($path, undef, { authorization => 'nonsense' })->status,
	    200, "$path is not bothered by a bad one");
	is($parley->get($path)->status, 200, "$path takes a good one");
}

is_deeply($open->get('/v1/health')->json, { status => 'ok' },
    'health says ok');
my $needed = () = glob $parley->source . '/sql/migrations/*.sql';
is_deeply($open->get('/v1/ready')->json,
    { status => 'ready', schema_version => $needed },
    'ready says so, with the version of the schema');

my $head = $open->request('HEAD', '/v1/health', undef, undef, record => 0);
is($head->status, 200, 'HEAD is answered like GET');
is($head->content, '', 'without the document');

# --- A store that was not migrated.

$parley->sql('DELETE FROM schema_migration ORDER BY version DESC LIMIT 1');
my $answer = $open->get('/v1/ready');
is($answer->status, 503, 'an old schema is not ready');
is($answer->faults, 'SERVICE_UNAVAILABLE', 'and says so');
like($answer->errors->[0]{message}, qr/parley migrate/, 'and what to do');
like($answer->header('retry-after'), qr/^\d+$/, 'and when to ask again');
is($open->get('/v1/health')->status, 200, 'it is alive all the same');

# --- The description.

my $description = $open->get('/v1/openapi.json')->json;
like($description->{openapi}, qr/^3\.1\.\d+$/, 'the description is OpenAPI');
my @routes = map { my $path = $_; map { "\U$_\E $path" } grep { /^[a-z]+$/ }
    keys %{ $description->{paths}{$path} } } keys %{ $description->{paths} };
is_deeply([ sort @routes ], [ sort map { chomp; $_ } <DATA> ],
    'it has every route, and no other');
my @ids = map { values %$_ } values %{ $description->{paths} };
ok(!(grep { ref eq 'HASH' && !$_->{responses} } @ids),
    'every operation says what it answers');

# --- TLS.

my @curl = (qw(curl --silent --show-error --noproxy * --cacert),
    $parley->ca);
for my $host (qw(localhost 127.0.0.1)) {
	my $url = "https://$host:" . $parley->tls_port . '/v1/health';
	is(run([ @curl, $url ]), $open->get('/v1/health')->content,
	    "over TLS $host answers the same");
}
is(run([ @curl, '--write-out', '%{http_version}', '--output', '/dev/null',
    'https://localhost:' . $parley->tls_port . '/v1/health' ]), '2',
    'with HTTP/2');

done_testing;

__DATA__
GET /v1/health
GET /v1/ready
GET /v1/openapi.json
GET /v1/me
GET /v1/keys
POST /v1/keys
DELETE /v1/keys/{key_id}
GET /v1/carriers
POST /v1/carriers
GET /v1/carriers/{carrier_id}
DELETE /v1/carriers/{carrier_id}
GET /v1/phone-numbers
POST /v1/phone-numbers
GET /v1/phone-numbers/{phone_number}
PATCH /v1/phone-numbers/{phone_number}
DELETE /v1/phone-numbers/{phone_number}
GET /v1/email-addresses
POST /v1/email-addresses
GET /v1/email-addresses/{address}
PATCH /v1/email-addresses/{address}
DELETE /v1/email-addresses/{address}
GET /v1/email-suppressions
DELETE /v1/email-suppressions/{address}
GET /v1/model
PUT /v1/model
DELETE /v1/model
GET /v1/workflows/{workflow_id}
POST /v1/workflows/{workflow_id}/retry
GET /v1/webhooks/deliveries
POST /v1/webhooks/deliveries/{delivery_id}/resend
GET /v1/webhooks/secret
POST /v1/webhooks/secret
DELETE /v1/webhooks/secret/{secret_id}
GET /v1/agent-config-schema
GET /v1/agents
POST /v1/agents
GET /v1/agents/{agent_id}
PUT /v1/agents/{agent_id}
DELETE /v1/agents/{agent_id}
GET /v1/agents/{agent_id}/versions
POST /v1/agents/{agent_id}/versions
GET /v1/agents/{agent_id}/versions/{version}
PUT /v1/agents/{agent_id}/versions/{version}
POST /v1/agents/{agent_id}/versions/{version}/publish
POST /v1/conversations
GET /v1/conversations
GET /v1/conversations/{conversation_id}
GET /v1/agent-assist/{phone_number}
POST /v1/conversations/{conversation_id}/messages
POST /v1/conversations/{conversation_id}/end
POST /v1/conversations/{conversation_id}/listener-token
GET /v1/conversations/{conversation_id}/turns
GET /v1/outcomes
POST /v1/outcomes
GET /v1/outcomes/{outcome_id}
PATCH /v1/outcomes/{outcome_id}
DELETE /v1/outcomes/{outcome_id}
GET /v1/outcomes/{outcome_id}/versions
GET /v1/citation_schemas/list
POST /v1/citation_schemas/
GET /v1/citation_schemas/
PATCH /v1/citation_schemas/
DELETE /v1/citation_schemas/
POST /v1/citation_schemas/backfill
POST /v1/sms/analyze
POST /v1/sms/send
POST /v1/sms/create
GET /v1/sms/numbers
POST /v1/sms/number/update
POST /v1/sms/update
POST /v1/sms/webhook/update
POST /v1/sms/toggle
POST /v1/sms/clear
POST /v1/sms/messages/get
GET /v1/sms/conversations
GET /v1/sms/conversations/{conversation_id}
PATCH /v1/sms/conversations/{conversation_id}
DELETE /v1/sms/conversations/{conversation_id}
DELETE /v1/sms/conversations/{conversation_id}/messages
POST /v1/sms/conversations/{conversation_id}/messages
POST /v1/sms/conversations/{conversation_id}/handoff
POST /v1/sms/conversations/{conversation_id}/resume
POST /v1/sms/conversations/{conversation_id}/end
GET /v1/sms/conversations/{conversation_id}/webhook
GET /v1/inbound
GET /v1/inbound/{phone_number}
POST /v1/inbound/{phone_number}
POST /inbound/update_label
DELETE /v1/inbound/{phone_number}
GET /v1/pathway_calls/{conversation_id}
GET /v1/pathway
POST /v1/pathway/create
POST /v1/pathway/chat/create
POST /v1/pathway/chat/{chat_id}
GET /v1/pathway/chat/{chat_id}
GET /v1/pathway/folders
POST /v1/pathway/folders
POST /v1/pathway/folders/move
PATCH /v1/pathway/folders/{folder_id}
DELETE /v1/pathway/folders/{folder_id}
GET /v1/pathway/folders/{folder_id}/pathways
GET /v1/pathway/{pathway_id}
POST /v1/pathway/{pathway_id}
DELETE /v1/pathway/{pathway_id}
GET /v1/pathway/{pathway_id}/versions
POST /v1/pathway/{pathway_id}/replay
POST /v1/pathway/{pathway_id}/version
GET /v1/pathway/{pathway_id}/version/{version_id}
POST /v1/pathway/{pathway_id}/version/{version_id}
DELETE /v1/pathway/{pathway_id}/version/{version_id}
POST /v1/pathway/{pathway_id}/publish
GET /v1/convo_pathway
POST /v1/convo_pathway/create
POST /v1/convo_pathway/create-version
POST /v1/convo_pathway/update
POST /v1/convo_pathway/get_one
POST /v1/convo_pathway/publish
POST /v1/convo_pathway/duplicate
GET /v1/convo_pathway/{pathway_id}
POST /v1/convo_pathway/{pathway_id}
DELETE /v1/convo_pathway/{pathway_id}
GET /v1/convo_pathway/{pathway_id}/versions
GET /v2/tools
POST /v2/tools
GET /v2/tools/{tool_id}
POST /v2/tools/{tool_id}
DELETE /v2/tools/{tool_id}
GET /v1/tools
POST /v1/tools
GET /v1/tools/{tool_id}
POST /v1/tools/{tool_id}
PUT /v1/tools/{tool_id}
DELETE /v1/tools/{tool_id}
GET /v1/secrets
POST /v1/secrets
DELETE /v1/secrets/{secret}
POST /v1/hooks/livekit
POST /v1/hooks/twilio/message
POST /v1/hooks/twilio/status
POST /v1/hooks/twilio/voice
POST /v1/hooks/twilio/call-status
GET /v1/email/unsubscribe/{token}
POST /v1/email/unsubscribe/{token}
POST /v1/hooks/mail
POST /v1/hooks/mail/{carrier_id}
POST /v1/hooks/mail-events/{carrier_id}
