#!/usr/bin/perl
# /v1/carriers: credentials go in and never come out.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Test;

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $stranger = $parley->another_account;
my $carriers = '/v1/carriers';
my $token = 'token-of-a-carrier-0123456789';
my %twilio = (kind => 'twilio', name => 'Main', account_sid => 'AC0123',
    auth_token => $token);
my @said;

# --- Make one.

sub made {
	my $answer = $parley->post($carriers, @_);
	push @said, $answer->content;
	return $answer;
}
my $answer = made({ %twilio });
is($answer->status, 201, 'a carrier is added');
my $carrier = $answer->data;
is_deeply([ sort keys %$carrier ], [ qw(account_sid base_url created_at id
    kind name username verification_key) ], 'and shown without its credentials');
is_deeply([ @$carrier{qw(kind name account_sid base_url)} ],
    [ 'twilio', 'Main', 'AC0123', undef ], 'with the rest');
is_deeply($parley->get("$carriers/$carrier->{id}")->data, $carrier,
    'it is shown again like that');
my $list = $parley->get($carriers);
is_deeply($list->data->[1], $carrier, 'and listed');
is($list->data->[0]{id}, $parley->carrier, 'after the one that was there');
push @said, $list->content, $parley->get("$carriers/$carrier->{id}")->content;

my $loopback = made({ kind => 'loopback', name => 'Loop' })->data;
is_deeply([ @$loopback{qw(kind account_sid base_url)} ],
    [ 'loopback', undef, undef ], 'loopback needs no credentials');
is(made({ %twilio, account_sid => 'AC1', base_url =>
    'https://proxy.example.test/twilio' })->data->{base_url},
    'https://proxy.example.test/twilio', 'a carrier may be elsewhere');
is(made({ %twilio, account_sid => 'AC2', base_url =>
    'http://127.0.0.1:9/x' })->status, 201, 'where the operator allows');

# --- A mail server.

my $mail = made({ kind => 'smtp', name => 'Mail', username => 'parley',
    password => $token, signing_key => $token,
    base_url => 'smtp://mail.example.test:587' });
is($mail->status, 201, 'a mail server is a carrier');
is_deeply([ @{ $mail->data }{qw(kind username base_url)} ],
    [ 'smtp', 'parley', 'smtp://mail.example.test:587' ], 'with its user');
is($parley->sql('SELECT COUNT(*) FROM carrier WHERE credentials_sealed LIKE'
    . " 'v1.%' AND signing_sealed LIKE 'v1.%'"), 1, 'and sealed secrets');
is(made({ kind => 'smtp', name => 'Relay', base_url =>
    'smtps://127.0.0.1' })->status, 201, 'or without one');
is(made({ kind => 'smtp', name => 'x', %{ $_->[0] } })->faults, $_->[1],
    "not so: $_->[1]") for
    [ {}, 'MISSING_REQUIRED_FIELDS /base_url' ],
    [ { base_url => 'https://mail.example.test' },
	'INVALID_PARAMETER /base_url' ],
    [ { base_url => 'smtp://u:p@mail.example.test' },
	'INVALID_PARAMETER /base_url' ],
    [ { base_url => 'smtp://mail.example.test/x' },
	'INVALID_PARAMETER /base_url' ],
    [ { base_url => 'smtp://a.test', username => 'u' },
	'MISSING_REQUIRED_FIELDS /password' ],
    [ { base_url => 'smtp://a.test', username => "u\r\nx", password => 'p' },
	'INVALID_PARAMETER /username' ],
    [ { base_url => 'smtp://a.test', password => 'p' },
	'MISSING_REQUIRED_FIELDS /username' ];
is(made({ %twilio, account_sid => 'AC5', base_url => 'smtp://a.test' })
    ->faults, 'INVALID_PARAMETER /base_url', 'no other kind has one');

# --- LiveKit's, by the names that its users know.

my $rooms = made({ kind => 'livekit', name => 'Rooms', api_key => 'APIkey',
    api_secret => $token, base_url => 'wss://rooms.example.test' });
is($rooms->status, 201, "LiveKit's names are taken");
is_deeply([ @{ $rooms->data }{qw(kind account_sid base_url)} ],
    [ 'livekit', 'APIkey', 'wss://rooms.example.test' ],
    'for what all carriers have');
is_deeply($rooms->json->{warnings}, undef, 'which is no mistake');
is(made({ kind => 'livekit', name => 'Local', account_sid => 'APIlocal',
    auth_token => $token, base_url => 'ws://127.0.0.1:7880' })->status, 201,
    'ours are as good, and ws where the operator allows');
is(made({ kind => 'livekit', name => 'x' })->faults, join(', ', map {
    "MISSING_REQUIRED_FIELDS /$_" } qw(api_key api_secret base_url)),
    'what is needed is named as they name it');
is($stranger->post($carriers, { kind => 'livekit', name => 'Theirs',
    api_key => 'APIkey', api_secret => 'x', base_url =>
    'wss://evil.example.test' })->faults, 'CARRIER_EXISTS /api_key',
    'a key belongs to one account');
is($stranger->get("$carriers/" . $rooms->data->{id})->status, 404,
    'which alone sees it');
is($parley->post('/v1/phone-numbers', { phone_number => '+15550008888',
    carrier_id => $rooms->data->{id} })->faults,
    'INVALID_PARAMETER /carrier_id', 'no number is of a server of rooms');

# --- The credentials are nowhere in clear.

my $under = made({ %twilio, account_sid => 'AC3' },
    { 'idempotency-key' => 'k' });
is($under->status, 201, 'one under a key');
is(made({ %twilio, account_sid => 'AC3' }, { 'idempotency-key' => 'k' })
    ->content, $under->content, 'is shown again under it');
push @said, made({ %twilio, name => '', auth_token => $token })->content;
push @said, made({ %twilio, auth_token => [ $token ] })->content;
push @said, made({ %twilio })->content;
is((grep { index($_, $token) >= 0 } @said), 0, 'no answer shows them');
my $stored = join "\n", map { $parley->sql("SELECT * FROM $_") }
    qw(carrier idempotency work);
is(index($stored, $token), -1, 'the database does not have them in clear');
is(index($parley->api->log, $token), -1, 'nor has the log');
my @sealed = map { $_->[0] } $parley->rows('SELECT credentials_sealed FROM'
    . " carrier WHERE kind <> 'loopback' AND name <> 'Relay'");
is((grep { /^v1\.[A-Za-z0-9+\/]+=*$/ } @sealed), 7, 'they are sealed');
my %different = map { $_ => 1 } @sealed;
is(keys %different, 7, 'the same credentials differently each time');

# --- What is refused.

my $before = $parley->state;
my %good = (%twilio, account_sid => 'AC9');
for ([ { kind => 'vonage' }, 'kind' ], [ { kind => undef }, 'kind' ],
    [ { kind => 1 }, 'kind' ], [ { name => '' }, 'name' ],
    [ { name => undef }, 'name' ], [ { name => 'x' x 256 }, 'name' ],
    [ { account_sid => '' }, 'account_sid' ],
    [ { account_sid => 'x' x 65 }, 'account_sid' ],
    [ { account_sid => 5 }, 'account_sid' ],
    [ { auth_token => '' }, 'auth_token' ],
    [ { auth_token => 'x' x 256 }, 'auth_token' ],
    [ { auth_token => {} }, 'auth_token' ],
    [ { base_url => 'http://example.test/' }, 'base_url' ],
    [ { base_url => 'https://u:p@example.test/' }, 'base_url' ],
    [ { base_url => 'x' }, 'base_url' ],
    [ { base_url => 'ws://10.0.0.1/' }, 'base_url' ],
    [ { base_url => 'wss://example.test/' }, 'base_url' ]) {
	my ($bad, $field) = @$_;
	my $answer = made({ %good, %$bad });
	my $name = substr(JSON::PP->new->encode($bad), 0, 40);
	is($answer->status, 400, "$name: 400");
	is($answer->faults, "INVALID_PARAMETER /$field", "$name: it is named");
}
is(made({})->faults, 'MISSING_REQUIRED_FIELDS /kind, '
    . 'MISSING_REQUIRED_FIELDS /name', 'kind and name are required');
is(made({ kind => 'twilio', name => 'x' })->faults,
    'MISSING_REQUIRED_FIELDS /account_sid, MISSING_REQUIRED_FIELDS'
    . ' /auth_token', 'and for Twilio its credentials');
is(made({ %good, auth_token => undef })->faults,
    'MISSING_REQUIRED_FIELDS /auth_token', 'null is none');
$answer = made({ %twilio, name => 'Again' });
is($answer->status, 409, 'a provider account has one carrier');
is($answer->faults, 'CARRIER_EXISTS /account_sid', 'it is said so');
is($stranger->post($carriers, \%twilio)->status, 409,
    'also when it is in another account');
is($parley->state, $before, 'and nothing comes of those');

# --- Delete it.

$answer = $parley->delete($carriers . '/' . $parley->carrier);
is($answer->status, 409, 'a carrier that a number uses stays');
is($answer->faults, 'CARRIER_IN_USE', 'it is said so');
$answer = $parley->delete("$carriers/$carrier->{id}");
is_deeply($answer->json, { errors => undef, data =>
    { message => 'Carrier deleted' } }, 'another is deleted');
for my $id ($carrier->{id}, 'nonsense') {
	for my $method (qw(GET DELETE)) {
		$answer = $parley->request($method, "$carriers/$id");
		is($answer->status, 404, "$method $id: 404");
		is($answer->faults, 'CARRIER_NOT_FOUND',
		    "$method $id: it is said so");
	}
}
is(made({ %twilio })->status, 201, 'then its account may come again');

# --- Without a key file nothing is kept in clear: it is refused.

$parley->restart(PARLEY_SECRET_KEY_FILE => undef);
$before = $parley->state;
$answer = made({ %good });
is($answer->status, 503, 'without a key file credentials are not taken');
is($answer->faults, 'SERVICE_UNAVAILABLE /auth_token', 'it is said so');
is($parley->state, $before, 'and nothing is stored');
is(made({ kind => 'livekit', name => 'Rooms', api_key => 'APInew',
    api_secret => $token, base_url => 'wss://rooms.example.test' })->faults,
    'SERVICE_UNAVAILABLE /api_secret', 'by the name that was given');
is(made({ kind => 'loopback', name => 'No secret' })->status, 201,
    'what needs none works');
is((grep { index($_, $token) >= 0 } @said), 0, 'no answer showed them');

done_testing;
