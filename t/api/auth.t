#!/usr/bin/perl
# Who may ask for what.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new;
my $key = $parley->key;
my ($id, $secret) = $key =~ /^pk_([0-9a-f]{32})_([0-9a-f]{64})$/;
ok($secret, 'a key is pk_, an id of 32 digits and a secret of 64');

# The status and, without its own id, the document of an answer.
sub asked_with {
	my ($credential, $path) = @_;
	my $answer = $parley->get($path // '/v1/me', undef,
	    { authorization => $credential });
	return ($answer->status,
	    $answer->content =~ s/"request_id":"[^"]+"//r);
}

# --- Good credentials.

for my $credential ($key, "Bearer $key", "bearer $key", "BEARER $key",
    "bEaReR   $key", "$key ") {
	my ($status) = asked_with($credential);
	is($status, 200, "'" . $credential =~ s/pk_.*_\w+/KEY/r
	    . "' is good");
}
my $me = $parley->get('/v1/me')->json;
is($me->{account}{id}, $parley->id, 'the key is that of its account');
is($me->{key_id} =~ s/-//gr, $id, 'and it says which one it is');
is_deeply($me->{scopes}, [ 'admin' ], 'with its scopes');

# --- Bad ones: all alike.

my $expired = $parley->make_key($parley->id);
my $revoked = $parley->make_key($parley->id);
$parley->sql('UPDATE api_key SET expires_at = UTC_TIMESTAMP(6) -'
    . ' INTERVAL 1 SECOND WHERE ' . is_key($expired));
my ($revoked_id) = $revoked =~ /^pk_(\w{32})/;
is($parley->delete('/v1/keys/' . dashed($revoked_id))->status, 200,
    'a key is revoked');
my %bad = (
	'none' => undef,
	'an empty one' => '',
	'the word Bearer alone' => 'Bearer',
	'Bearer and a space' => 'Bearer ',
	'garbage' => 'garbage',
	'another scheme' => "Basic $key",
	'a key of an unknown id' => "pk_" . '0' x 31 . "1_$secret",
	'a wrong secret' => "pk_${id}_" . 'a' x 64,
	'a secret that lacks its end' => substr($key, 0, -1),
	'a key with something behind it' => "${key}0",
	'a key twice' => "$key, $key",
	'a key in capitals' => uc $key,
	'one with a null id' => 'pk_' . '0' x 32 . '_' . '0' x 64,
	'a very long one' => 'x' x 4000,
	'one that is no text' => "pk_\xff\xfe",
	'an expired key' => $expired,
	'a revoked key' => $revoked,
);
my (undef, $refusal) = asked_with(undef);
like($refusal, qr/"error":"AUTH_FAILURE"/, 'no key is AUTH_FAILURE');
like($refusal, qr/"message":"Unauthorized"/, 'in the words that are known');
for my $what (sort keys %bad) {
	my ($status, $body) = asked_with($bad{$what});
	is($status, 401, "$what: 401");
	is($body, $refusal, "$what: the same document");
}

$parley->sql('UPDATE api_key SET expires_at = UTC_TIMESTAMP(6) +'
    . ' INTERVAL 1 HOUR WHERE ' . is_key($expired));
is((asked_with($expired))[0], 200, 'a key that expires later is good');

# --- Every route but the open ones needs a key, and its scope.

my $open = $parley->client({});
my $powerless = $parley->with_scopes('tools:read');
my %needs = map { chomp; split /: /, $_, 2 } <DATA>;
my $paths = $parley->get('/v1/openapi.json')->json->{paths};
my $before = $parley->state;
for my $path (sort keys %$paths) {
	for my $method (map { uc } sort grep { /^[a-z]+$/ }
	    keys %{ $paths->{$path} }) {
		# What a carrier calls is signed, and so is the link in a mail:
		# their own tests.
		next if $path =~
		    m{^/v1/(?:health|ready|openapi\.json|(?:hooks|email)/.*)$};
		my $route = "$method $path";
		my $asked = $path =~ s/\{phone_number\}/+15550001111/r
		    =~ s/\{\w+\}/0190b0a0-0000-7000-8000-000000000001/r;
		my $body = $method eq 'GET' ? undef : {};
		my $answer = $open->request($method, $asked, $body);
		is($answer->status, 401, "$route without a key: 401");
		next unless exists $needs{$route};
		$answer = $powerless->request($method, $asked, $body);
		is($answer->status, 403, "$route without the scope: 403");
		is($answer->faults, 'FORBIDDEN', "$route: FORBIDDEN");
		is($answer->errors->[0]{message}, 'this key lacks the scope '
		    . delete $needs{$route}, "$route: it names the scope");
	}
}
is_deeply([ keys %needs ], [], 'every route is described');
is($parley->state, $before, 'and nothing came of all that');
is($powerless->get('/v1/me')->status, 200, '/v1/me needs no scope');

# --- Each scope lets in where it should, and only there.

my $reader = $parley->with_scopes('conversations:read');
is($reader->get('/v1/sms/conversations')->status, 200,
    'conversations:read lists conversations');
is($reader->create->status, 403, 'but stores no message');
my $conversation = $parley->create(request_data => { colour => 'red' })
    ->data->{conversation_id};
is($reader->get("/v1/sms/conversations/$conversation")->status, 403,
    'nor reads what was said');
my ($row) = @{ $reader->get('/v1/sms/conversations')->data };
is($row->{id}, $conversation, 'it sees that there is one');
is_deeply([ @$row{qw(variables last_message summary metadata)} ],
    [ (undef) x 4 ], 'but not what is in it');
my $filter = '/v1/sms/conversations?filters=' . join '', map {
    sprintf '%%%02X', ord } split //,
    '[{"field":"variables","operator":"contains","value":"red"}]';
is($reader->get($filter)->status, 403, 'and cannot search in it');
my $sensitive = $parley->with_scopes('conversations:read_sensitive');
is($sensitive->get($filter)->data->[0]{variables}{colour}, 'red',
    'conversations:read_sensitive can');
is($sensitive->get("/v1/sms/conversations/$conversation")->status, 200,
    'and reads what was said');
is($sensitive->delete("/v1/sms/conversations/$conversation")->status, 403,
    'but deletes nothing');
my $numbers = $parley->with_scopes('phone_numbers:read');
is($numbers->get('/v1/sms/numbers')->status, 200,
    'phone_numbers:read lists numbers');
is($numbers->post('/v1/sms/number/update', { phone_number =>
    $parley->number, temperature => 1 })->status, 403,
    'but changes none');
my $both = $parley->with_scopes(qw(conversations:manage carriers:read));
is($both->create->status, 200, 'a key may have two scopes: the first');
is($both->get('/v1/carriers')->status, 200, 'and the second');

done_testing;

sub is_key {
	my ($text) = @_;
	return "id = UNHEX('" . ($text =~ /^pk_(\w{32})/)[0] . "')";
}

sub dashed {
	my ($hex) = @_;
	return join '-', unpack 'A8 A4 A4 A4 A12', $hex;
}

__DATA__
GET /v1/keys: keys:manage
POST /v1/keys: keys:manage
DELETE /v1/keys/{key_id}: keys:manage
GET /v1/carriers: carriers:read or carriers:manage
POST /v1/carriers: carriers:manage
GET /v1/carriers/{carrier_id}: carriers:read or carriers:manage
DELETE /v1/carriers/{carrier_id}: carriers:manage
GET /v1/phone-numbers: phone_numbers:read or phone_numbers:manage
POST /v1/phone-numbers: phone_numbers:manage
GET /v1/phone-numbers/{phone_number}: phone_numbers:read or phone_numbers:manage
PATCH /v1/phone-numbers/{phone_number}: phone_numbers:manage
DELETE /v1/phone-numbers/{phone_number}: phone_numbers:manage
GET /v1/email-addresses: phone_numbers:read or phone_numbers:manage
POST /v1/email-addresses: phone_numbers:manage
GET /v1/email-addresses/{address}: phone_numbers:read or phone_numbers:manage
PATCH /v1/email-addresses/{address}: phone_numbers:manage
DELETE /v1/email-addresses/{address}: phone_numbers:manage
GET /v1/email-suppressions: phone_numbers:read or phone_numbers:manage
DELETE /v1/email-suppressions/{address}: phone_numbers:manage
GET /v1/workflows/{workflow_id}: conversations:read or conversations:read_sensitive or conversations:manage
POST /v1/workflows/{workflow_id}/retry: conversations:manage
POST /v1/sms/send: conversations:manage
POST /v1/sms/create: conversations:manage
GET /v1/sms/numbers: phone_numbers:read or phone_numbers:manage
POST /v1/sms/number/update: phone_numbers:manage
POST /v1/sms/update: phone_numbers:manage
POST /v1/sms/webhook/update: phone_numbers:manage
POST /v1/sms/toggle: phone_numbers:manage
POST /v1/sms/clear: conversations:manage
POST /v1/sms/messages/get: conversations:read_sensitive or conversations:manage
GET /v1/sms/conversations: conversations:read or conversations:read_sensitive or conversations:manage
GET /v1/sms/conversations/{conversation_id}: conversations:read_sensitive or conversations:manage
PATCH /v1/sms/conversations/{conversation_id}: conversations:manage
DELETE /v1/sms/conversations/{conversation_id}: conversations:manage
DELETE /v1/sms/conversations/{conversation_id}/messages: conversations:manage
POST /v1/sms/conversations/{conversation_id}/messages: conversations:manage
POST /v1/sms/conversations/{conversation_id}/handoff: conversations:manage
POST /v1/sms/conversations/{conversation_id}/resume: conversations:manage
POST /v1/sms/conversations/{conversation_id}/end: conversations:manage
GET /v1/conversations/{conversation_id}/turns: conversations:read_sensitive or conversations:manage
GET /v1/sms/conversations/{conversation_id}/webhook: conversations:read_sensitive or conversations:manage
GET /v1/webhooks/deliveries: webhooks:read or webhooks:manage
POST /v1/webhooks/deliveries/{delivery_id}/resend: webhooks:manage
GET /v1/webhooks/secret: webhooks:read or webhooks:manage
POST /v1/webhooks/secret: webhooks:manage
DELETE /v1/webhooks/secret/{secret_id}: webhooks:manage
