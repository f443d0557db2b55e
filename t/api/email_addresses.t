#!/usr/bin/perl
# /v1/email-addresses and /v1/email-suppressions.
use v5.30;
use utf8;
use warnings;

use Parley::Test;

use constant PATH => '/v1/email-addresses';

my $parley = Parley::Test->new;
my $stranger = $parley->another_account;
my $carrier = $parley->post('/v1/carriers', { kind => 'smtp', name => 'Mail',
    base_url => 'smtp://mail.example.test' })->data->{id};
my $agent = $parley->post('/v1/agents', { name => 'Ada' })->json->{id};
my $version = $parley->post("/v1/agents/$agent/versions", { config => {
    instructions => 'Help.' } })->json;

# --- One is added.

my %good = (address => 'Help@Agents.test', carrier_id => $carrier);
my $made = $parley->post(PATH, \%good);
is($made->status, 201, 'an address is added');
is_deeply([ @{ $made->data }{qw(address carrier_id label
    inbound_agent_version_id)} ], [ 'help@agents.test', $carrier, undef,
    undef ], 'in small letters, and nobody answers');
is_deeply($parley->get(PATH . '/HELP@agents.test')->data, $made->data,
    'it is shown by any letters');
is_deeply($parley->get(PATH)->data, [ $made->data ], 'and listed');
is($stranger->get(PATH . '/help@agents.test')->faults,
    'EMAIL_ADDRESS_NOT_FOUND', 'another account does not see it');
is_deeply($stranger->get(PATH)->data, [], 'nor list it');
is($parley->post(PATH, \%good)->faults, 'EMAIL_ADDRESS_EXISTS /address',
    'it is there once');

# --- What is refused.

my $none = '0193a1b2-0000-7000-8000-000000000001';
for my $case ([ { address => 'help' }, 'INVALID_PARAMETER /address' ],
    [ { address => "help\@agents.test\r\nx" }, 'INVALID_PARAMETER /address' ],
    [ { address => 'a b@agents.test' }, 'INVALID_PARAMETER /address' ],
    [ { carrier_id => $none }, 'CARRIER_NOT_FOUND /carrier_id' ],
    [ { carrier_id => $parley->carrier }, 'INVALID_PARAMETER /carrier_id' ],
    [ { inbound_agent_version_id => $none },
	'AGENT_NOT_FOUND /inbound_agent_version_id' ],
    [ { inbound_agent_version_id => $version->{id} },
	'INVALID_PARAMETER /inbound_agent_version_id' ]) {
	my ($bad, $faults) = @$case;
	is($parley->post(PATH, { %good, address => 'new@agents.test', %$bad })
	    ->faults, $faults, "refused: $faults");
}
is($stranger->post(PATH, \%good)->faults, 'CARRIER_NOT_FOUND /carrier_id',
    "a stranger's carrier is not found");

# --- It is changed, and goes.

$parley->post("/v1/agents/$agent/versions/$version->{version}/publish", {});
my $changed = $parley->patch(PATH . '/help@agents.test', {
    inbound_agent_version_id => $version->{id}, label => 'Help' });
is_deeply([ @{ $changed->data }{qw(inbound_agent_version_id label
    carrier_id)} ], [ $version->{id}, 'Help', $carrier ],
    'an agent is set to answer');
is($parley->patch(PATH . '/help@agents.test', { inbound_agent_version_id =>
    undef })->data->{inbound_agent_version_id}, undef, 'and taken away');
is($stranger->patch(PATH . '/help@agents.test', { label => 'x' })->status,
    404, 'by the account alone');
is($parley->with_scopes('phone_numbers:read')->delete(PATH
    . '/help@agents.test')->status, 403, 'a key that reads deletes nothing');
is($stranger->delete(PATH . '/help@agents.test')->status, 404,
    'nor does a stranger');
is($parley->delete(PATH . '/help@agents.test')->status, 200, 'it is deleted');
is($parley->delete(PATH . '/help@agents.test')->status, 404, 'once');

# --- Whom the account does not write to.

my $suppressions = '/v1/email-suppressions';
is_deeply($parley->get($suppressions)->data, [], 'the ledger is empty');
$parley->sql("INSERT INTO suppression SELECT account_id, 'email',"
    . " 'eve\@example.test', 'complaint', NOW(6) FROM carrier WHERE kind ="
    . " 'smtp'");
is_deeply([ map { "$_->{address} $_->{reason}" }
    @{ $parley->get($suppressions)->data } ],
    [ 'eve@example.test complaint' ], 'or has reasons');
is($stranger->delete("$suppressions/eve\@example.test")->status, 404,
    'another account changes nothing in it');
is($parley->delete("$suppressions/EVE\@example.test")->status, 200,
    'an address is taken out');
is($parley->delete("$suppressions/eve\@example.test")->status, 404, 'once');

done_testing;
