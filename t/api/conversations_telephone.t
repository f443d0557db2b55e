#!/usr/bin/perl
# POST /v1/conversations on telephone: a call is asked for, by the agent or
# the number that is named; what is wrong is 422 and changes nothing.
use v5.30;
use warnings;

use Parley::Phone;
use Parley::Test;

use constant USER => '+14155551234';

my $parley = Parley::Test->new(environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $phone = Parley::Phone->new($parley, public => 'https://example.test');
my $stranger = $parley->another_account;
my $talks = '/v1/conversations';
my $nobody = '0190b0a0-0000-7000-8000-000000000001';

sub begin {
	my (%body) = @_;
	return $parley->post($talks, { channel => 'telephone',
	    user_id => USER, %body });
}

sub row { return Parley::Phone::row(@_) }

my $version = $phone->agent({ instructions => 'Call.', channel_properties =>
    { telephone => { retries => 2, retry_delay => 90, ring_timeout => 25,
	max_duration => 600 } } });
my $out = $phone->agent({ instructions => 'Sell.' }, 'outbound');

# --- A call.

my $answer = begin(agent_version_id => $version,
    agent_number => $phone->number, custom_metadata => { campaign => 'may' },
    initial_context => 'They asked for a call.');
is($answer->status, 202, 'a call is asked for');
my $json = $answer->json;
my ($talk, $workflow) = @$json{qw(conversation workflow_id)};
is_deeply([ @$talk{qw(channel direction status user_id agent_number
    agent_version_id duration)} ], [ 'telephone', 'outbound', 'triggered',
    USER, $phone->number, $version, undef ], 'and waits to be placed');
is_deeply([ $parley->rows('SELECT attempt, retries, retry_delay, ring_most,'
    . ' talk_most, is_up FROM phone_call WHERE id = ' . row($workflow)) ],
    [ [ 1, 2, 90, 25, 600, 'NULL' ] ], "as its agent's config says");
my $work = $parley->get("/v1/workflows/$workflow")->data;
is_deeply([ @$work{qw(kind state conversation_id)} ], [ 'dial', 'waiting',
    $talk->{id} ], 'by this workflow');
is($parley->post("$talks/$talk->{id}/end")->status, 409,
    'it cannot be ended like a text');
is($parley->post("$talks/$talk->{id}/messages", { text => 'x' })->status, 409,
    'nor written to');

# --- Who calls.

is(begin(agent_number => $phone->number)->json->{conversation}
    {agent_version_id}, $out, "a number's own agent calls from it");
is($parley->post('/core/conversations', { channel => 'telephone', user_id =>
    USER, agent_number => $phone->number })->status, 202,
    'below /core/, too');
my $agent = $parley->sql("SELECT LOWER(HEX(agent_id)) FROM agent_version WHERE"
    . ' id = ' . row($version));
$answer = begin(agent_id => $agent, version => 1,
    agent_number => $phone->number);
is($answer->status . ' ' . $answer->json->{conversation}{agent_version_id},
    "202 $version", 'an agent calls by its version');

is(begin(agent_version_id => $out)->json->{conversation}{agent_number},
    $phone->number, 'from its own number where none is named');

# --- The client's own id.

my $own = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
$answer = begin(id => $own, agent_number => $phone->number);
is($answer->status, 202, 'a client brings its own id');
my $before = $parley->state;
my $again = begin(id => $own, user_id => 'nobody', agent_id => $nobody);
is_deeply([ $again->status, $again->json ], [ 202, $answer->json ],
    'the same again is what is there');
is($parley->state, $before, 'and calls nobody');

# --- What is wrong.

my %good = (agent_version_id => $version, agent_number => $phone->number);
for my $case (
    [ 'a user without a plus', { %good, user_id => '4155551234' },
	'/user_id' ],
    [ 'a user who is no number', { %good, user_id => 'ada' }, '/user_id' ],
    [ 'a user of two numbers', { %good, user_id => USER . ',' . USER },
	'/user_id' ],
    [ 'no agent', {}, '/agent_id' ],
    [ 'a config', { agent_config => {}, agent_number => $phone->number },
	'/agent_config' ],
    [ 'two agents', { %good, agent_id => $nobody }, '/agent_version_id' ],
    [ 'a number without an agent', { agent_number => $parley->number },
	'/agent_number' ],
    [ "another account's number", { %good, agent_number =>
	$stranger->number }, '/agent_number' ],
    [ "another account's number alone", { agent_number =>
	$stranger->number }, '/agent_number' ],
    [ 'what is no number', { %good, agent_number => '12' },
	'/agent_number' ],
    [ 'no number where there are two', { agent_version_id => $version },
	'/agent_number' ]) {
	my ($name, $body, $field) = @$case;
	my $refused = begin(%$body);
	is($refused->status . ' ' . ($refused->json->{errors}[0]{field} // ''),
	    "422 $field", "422: $name");
}
is(begin(agent_version_id => $nobody, agent_number => $phone->number)->status,
    404, 'a version that is not there: 404');
is($stranger->post($talks, { channel => 'telephone', user_id => USER,
    agent_version_id => $version })->status, 404,
    "so is another account's");
is($parley->state, $before, 'nothing has changed');

is($parley->request('DELETE', '/v1/phone-numbers/' . $parley->number)->status,
    200, 'of one number');
is(begin(agent_version_id => $version)->json->{conversation}{agent_number},
    $phone->number, 'it is clear which calls');

done_testing;
