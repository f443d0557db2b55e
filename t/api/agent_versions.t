#!/usr/bin/perl
# /v1/agents/{agent_id}/versions: drafts, what is published, and the numbers
# that it is assigned to.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Fault qw(crowd);
use Parley::Server qw(run);
use Parley::Test;

my $parley = Parley::Test->new;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $agent = $parley->post('/v1/agents', { name => 'Ada' })->json->{id};
my $one = "/v1/agents/$agent";
my $versions = "$one/versions";
my $nobody = '0190b0a0-0000-7000-8000-000000000001';

sub numbers { return join ' ', map { $_->{version} } @{ $_[0]->json } }

# --- Drafts.

is_deeply($parley->get($versions)->json, [], 'an agent has no version at first');
is($parley->get("$versions/1")->faults, 'AGENT_VERSION_NOT_FOUND',
    'so there is no first');
is($parley->post("$versions/latest/publish", {})->faults,
    'AGENT_VERSION_NOT_FOUND', 'and none to publish');
is_deeply($parley->get($versions)->json, [], 'which does not make one');
my $answer = $parley->get("$versions/latest");
is($answer->status, 200, 'who asks for the latest is given one');
is_deeply([ @{ $answer->json }{qw(version published config agent_id)} ],
    [ 1, $false, {}, $agent ], 'a draft that says nothing');
is($parley->get("$versions/latest")->json->{id}, $answer->json->{id},
    'and once more the same');
is($parley->get("/core/agents/$agent/versions/latest")->json->{version}, 1,
    'below /core/ too');
is($parley->with_scopes('agents:read')->get("$versions/latest")->status, 200,
    'for who may read');

# The text of a config, spaces aside, is returned as it was sent.
my $text = '{"type":"static_prompt","instructions":"Sell","temperature":1.50,'
    . '"z":1,"a":{"later":[]},"channel_properties":{"email":{"signature":"é"}}}';
$answer = $parley->put("$versions/1", qq({ "config": $text }));
is($answer->status, 200, 'a draft is written');
like($answer->content, qr/"config":\Q{"type":"static_prompt","instructions"\E/,
    'its fields are in the order that they came in');
is_deeply([ map { $_->{field} } @{ $answer->json->{warnings} } ],
    [ '/config/z', '/config/a' ], 'what nobody knows is warned of, and kept')
    or diag $answer->content;
my $first = $parley->get("$versions/1")->json;
is_deeply($first->{config}, JSON::PP->new->utf8->decode($text), 'it is kept whole');
is($parley->put("$versions/latest", { config => { instructions => 'Help' } })
    ->json->{version}, 1, 'the latest is written where it is a draft');
is($parley->get("$versions/1")->json->{config}{instructions}, 'Help',
    'and replaced whole');

# --- What is refused.

my %wrong = (temperature => 3, tools => 'x', type => 'x', timezone => 'x',
    pathway_version => 1, webhook => 'ftp://x', voice => [],
    channel_overrides => { sms => { max_tool_steps => 0 } },
    channel_properties => { email => { default_subject => "a\r\nBcc: b" } });
my %field = (channel_overrides => '/sms/max_tool_steps',
    channel_properties => '/email/default_subject');
my $before = $parley->sql('SELECT * FROM agent_version');
for my $name (sort keys %wrong) {
	my $body = { config => { $name => $wrong{$name} } };
	for ([ POST => $versions, $body ], [ PUT => "$versions/1", $body ]) {
		my $answer = $parley->request(@$_);
		is($answer->status, 422, "$_->[0] with a wrong $name is 422");
		like($answer->faults,
		    qr{ /config/$name\Q${\ ($field{$name} // '')}\E$},
		    'which says where');
	}
}
$answer = $parley->post($versions, { config => { pathway_id => 'no',
    tools => [ 'no', { name => 'x' } ], outcome_ids => [ 'no' ],
    citation_schema_ids => [ 'no' ] } });
is($answer->status, 404, 'what a config refers to must be there');
is($answer->faults, join(', ', 'PATHWAY_NOT_FOUND /config/pathway_id',
    'TOOL_NOT_FOUND /config/tools/0', 'OUTCOME_NOT_FOUND /config/outcome_ids/0',
    'CITATION_SCHEMA_NOT_FOUND /config/citation_schema_ids/0'),
    'and each that is not is named');
for ([ {}, 'MISSING_REQUIRED_FIELDS /config' ],
    [ { config => [] }, 'INVALID_PARAMETER /config' ],
    [ { config => {}, base_version => 7 },
	'AGENT_VERSION_NOT_FOUND /base_version' ],
    [ { base_version => 'x' }, 'AGENT_VERSION_NOT_FOUND /base_version' ],
    [ { config => { instructions => 'x' x 20001 } },
	'INVALID_PARAMETER /config/instructions' ]) {
	is($parley->post($versions, $_->[0])->faults, $_->[1],
	    "no version is made: $_->[1]");
}
is($parley->put("$versions/1", {})->faults, 'MISSING_REQUIRED_FIELDS /config',
    'without a config none is written');
is($parley->get("$versions/$_")->faults, 'AGENT_VERSION_NOT_FOUND',
    "there is no version $_") for 0, 2, -1, 'x', '1x', $nobody;
is($parley->sql('SELECT * FROM agent_version'), $before,
    'nothing came of those');

# --- Published.

$answer = $parley->post("$versions/1/publish");
is($answer->status, 200, 'a version is published');
is_deeply($answer->json, [], 'and no number changed by that');
my $published = $parley->get("$versions/1")->json;
is($published->{published}, $true, 'it says so');
like($published->{published_at}, qr/^\d{4}-/, 'and since when');
$answer = $parley->put("$versions/1", { config => {} });
is($answer->status, 409, 'what is published cannot be written');
is($answer->faults, 'AGENT_VERSION_PUBLISHED', 'for that reason');
is($parley->post("$versions/1/publish", {})->status, 200,
    'it may be published again');
is_deeply($parley->get("$versions/1")->json, $published,
    'which changes nothing of it');
$answer = $parley->get("$versions/latest");
is_deeply([ @{ $answer->json }{qw(version published config)} ],
    [ 2, $false, $published->{config} ],
    'the latest is then a new draft with its config');
is($parley->post($versions, { base_version => 1 })->json->{config}
    {instructions}, 'Help', 'a version may be made of another one');
is_deeply($parley->post($versions, { config => { model => 'm' },
    base_version => 'latest' })->json->{config}, { model => 'm' },
    'a config that is given stands in place of it');
is($parley->get($one)->json->{latest_version}, 4, 'the agent knows the last');
is(join(' ', map { $_->{version} } @{ $parley->get($one)->json->{versions} }),
    '4 3 2 1', 'and lists them all');

# --- Lists.

is(numbers($parley->get($versions)), '4 3 2 1', 'the newest comes first');
is(numbers($parley->get("$versions?$_->[0]")), $_->[1],
    "a list is narrowed by $_->[0]")
    for [ 'published=true', '1' ], [ 'published=false', '4 3 2' ],
    [ 'version=3', '3' ], [ 'version=9', '' ],
    [ "created_before=$published->{created_at}", '1' ],
    [ 'created_after=2126-01-01', '' ], [ 'limit=3', '4 3 2' ];
my $next = $parley->get("$versions?limit=3")->header('next-cursor');
is(numbers($parley->get("$versions?limit=3&cursor=$next")), '1',
    'it goes on behind a cursor');
is($parley->get("$versions?$_")->status, 422, "$_ is 422")
    for qw(version=0 version=x published=1 limit=0 cursor=x);

# --- Numbers.

my $number = $parley->number;
my $second = '+15550000002';
$parley->post('/v1/phone-numbers', { phone_number => $second,
    carrier_id => $parley->carrier });
is_deeply([ @{ $parley->get("/v1/phone-numbers/$number")->data }
    {qw(inbound_agent_version_id outbound_agent_version_id)} ],
    [ undef, undef ], 'a number has no agent at first');
my $publish = "$versions/1/publish";
$answer = $parley->post($publish, { phone_numbers => [ $number, $second ] });
is_deeply([ map { [ @$_{qw(phone_number inbound_agent_version_id
    outbound_agent_version_id)} ] } @{ $answer->json } ],
    [ map { [ $_, $published->{id}, undef ] } $number, $second ],
    'numbers are assigned inbound, where nothing is said');
is($parley->get("/v1/phone-numbers/$number")->data
    ->{inbound_agent_version_id}, $published->{id}, 'which they show');
is(join(' ', map { $_->{phone_number} }
    @{ $parley->get($one)->json->{phone_numbers} }), "$second $number",
    'and the agent too');
my $later = $parley->get("$versions/3")->json->{id};
$answer = $parley->post("$versions/3/publish", { phone_numbers => [ $number ],
    unassign_phone_numbers => [ $second ], direction => 'both' });
is_deeply([ map { [ @$_{qw(phone_number inbound_agent_version_id
    outbound_agent_version_id)} ] } @{ $answer->json } ],
    [ [ $number, $later, $later ], [ $second, undef, undef ] ],
    'another version takes its place, and a number is taken from it');
$parley->post($publish, { phone_numbers => [ $second ],
    direction => 'outbound' });
is_deeply([ map { @$_{qw(inbound_agent_version_id
    outbound_agent_version_id)} } @{ $parley->get('/v1/phone-numbers')->data }
    ], [ undef, $published->{id}, $later, $later ],
    'each direction is a place of its own');
is($parley->post($publish, { unassign_phone_numbers => [ $second ] })
    ->status, 200, 'what is empty may be emptied');
is($parley->get("/v1/phone-numbers/$second")->data
    ->{outbound_agent_version_id}, $published->{id},
    'and what is not meant stays');
is($parley->patch("/v1/phone-numbers/$number", { label => 'x' })->data
    ->{inbound_agent_version_id}, $later, 'a change of the number keeps it');

my $other = $parley->post('/v1/agents', { name => 'Bob' })->json->{id};
$parley->get("/v1/agents/$other/versions/latest");
my $state = $parley->sql('SELECT * FROM phone_number');
for ([ { phone_numbers => [ 'x' ] }, 422,
	'INVALID_PARAMETER /phone_numbers/0' ],
    [ { phone_numbers => $number }, 422, 'INVALID_PARAMETER /phone_numbers' ],
    [ { phone_numbers => [ $number, $number ] }, 422,
	'INVALID_PARAMETER /phone_numbers/1' ],
    [ { phone_numbers => [ $number ], unassign_phone_numbers => [ $number ] },
	422, 'INVALID_PARAMETER /unassign_phone_numbers/0' ],
    [ { phone_numbers => [ $number, '+15559990000', '+15559990001' ] }, 404,
	'PHONE_NUMBER_NOT_FOUND /phone_numbers/1,'
	. ' PHONE_NUMBER_NOT_FOUND /phone_numbers/2' ],
    [ { direction => 'up' }, 422, 'INVALID_PARAMETER /direction' ],
    [ { unassign_phone_numbers => [ $number ] }, 409,
	'PHONE_NUMBER_IN_USE /unassign_phone_numbers/0' ]) {
	my ($body, $status, $faults) = @$_;
	my $answer =
	    $parley->post("/v1/agents/$other/versions/1/publish", $body);
	is($answer->status, $status, "publishing is refused: $status");
	is($answer->faults, $faults, $faults);
}
is($parley->sql('SELECT * FROM phone_number'), $state, 'no number changed');
is($parley->get("/v1/agents/$other/versions/1")->json->{published}, $false,
    'and nothing is published by what is refused');
is($parley->with_scopes('agents:read')->post($publish, {})->status, 403,
    'publishing needs agents:manage');

# --- At once.

my $fifth = $parley->post('/v1/agents', { name => 'Kim' })->json->{id};
my $theirs_too = "/v1/agents/$fifth/versions";
my %seen = map { $_ => 1 } crowd(6, sub {
	return $parley->get("$theirs_too/latest")->json->{id} });
is(keys %seen, 1, 'all who ask at once for the latest are given one draft');
is(numbers($parley->get($theirs_too)), '1', 'of which there is but one');
is(join(' ', sort { $a <=> $b } crowd(6, sub { return $parley->post(
    $theirs_too, { config => {} })->json->{version} })), '2 3 4 5 6 7',
    'drafts that are added at once have numbers of their own');
is_deeply([ crowd(6, sub { return $parley->post("$theirs_too/1/publish",
    { phone_numbers => [ $second ] })->status }) ], [ (200) x 6 ],
    'who publishes at once with others gets through');
is($parley->get("/v1/phone-numbers/$second")->data
    ->{inbound_agent_version_id}, $parley->get("$theirs_too/1")->json->{id},
    'and the number has what was published');
$parley->post($publish, { phone_numbers => [ $second ] });

# --- Conversations.

my $third = $parley->post('/v1/agents', { name => 'Eve' })->json->{id};
my $hello = $parley->post("/v1/agents/$third/versions", { config => {
    starting_message => 'Hello' } })->json->{id};

sub begin {
	return $parley->post('/v1/conversations', { channel => 'text',
	    user_id => 'u', @_ });
}

is(begin(agent_version_id => $hello)->faults,
    'INVALID_PARAMETER /agent_version_id', 'a draft begins no conversation');
$parley->post("/v1/agents/$third/versions/latest/publish");
for ([ agent_id => $third ], [ agent_version_id => $hello ]) {
	my ($field) = @$_;
	is(begin(@$_)->json->{starting_message}, 'Hello',
	    "a published one begins some, by its $field");
	$parley->put("/v1/agents/$third", { active => $false });
	is(begin(@$_)->faults, "INVALID_PARAMETER /$field",
	    'but not while the agent is not active');
	$parley->put("/v1/agents/$third", { active => $true });
}
is_deeply($parley->get("/v1/agents/$third")->json->{conversation_stats},
    { total => 2, active => 2 }, 'they are counted');
is($parley->delete("/v1/agents/$third")->status, 409, 'and keep the agent');
is(begin(agent_config => { tools => [ 'no' ] })->faults,
    'TOOL_NOT_FOUND /agent_config/tools/0',
    'a config in place refers to what is there as well');

# --- Who is needed stays.

$answer = $parley->delete($one);
is($answer->status, 409, 'an agent of a number is not deleted');
is($answer->faults, 'AGENT_IN_USE', 'for that reason');
like($answer->json->{detail}, qr/\Q$second, $number\E/,
    'which names the numbers');
$parley->post($publish, { unassign_phone_numbers => [ $number, $second ],
    direction => 'both' });
my $talk = $parley->create->data->{conversation_id};
my ($hex, $theirs) = map { s/-//gr } $agent, $talk;
$parley->sql("UPDATE conversation SET agent_id = X'$hex'"
    . " WHERE id = X'$theirs'");
is_deeply($parley->get($one)->json->{conversation_stats},
    { total => 1, active => 1 }, 'its conversations are counted');
$answer = $parley->delete($one);
is($answer->status, 409, 'an agent in a conversation is not deleted');
like($answer->json->{detail}, qr/\Q$talk\E/, 'which is named');
$parley->post("/v1/sms/conversations/$talk/end");
is_deeply($parley->get($one)->json->{conversation_stats},
    { total => 1, active => 0 }, 'one that has ended is counted so');
is($parley->delete($one)->status, 204, 'then it is deleted');
is(begin(agent_id => $agent)->status, 404, 'and begins nothing more');
is(begin(agent_version_id => $later)->faults,
    'INVALID_PARAMETER /agent_version_id', 'by its versions neither');
is($parley->sql('SELECT GROUP_CONCAT(version ORDER BY version)'
    . " FROM agent_version WHERE agent_id = X'$hex'"), '1,3',
    'what it said in conversations is kept');

# --- The schema of a config.

# For each, does the schema take it?  By a validator that nobody here wrote.
sub judged {
	my ($schema, @configs) = @_;
	my $said = run([ 'node', Parley::Test::source() . '/t/schema.mjs' ],
	    join '', map { JSON::PP->new->utf8->encode($_) . "\n" } $schema, @configs);
	return split /\n/, $said;
}
my $schema = $parley->get('/v1/agent-config-schema')->json;
is($schema->{'$schema'}, 'https://json-schema.org/draft/2020-12/schema',
    'what may be in a config is a JSON Schema');
my $fourth = $parley->post('/v1/agents', { name => 'Max' })->json->{id};
my %whole = (type => 'static_prompt', instructions => 'Sell', model => 'm',
    temperature => 0.5, tools => [ { name => 'x' } ], variables => { a => 1 },
    timezone => 'Europe/Berlin', time_out => 60, warning_time => 30,
    timeout_action => 'end', debounce => 0, max_tool_steps => 5,
    voice => { voice_id => 'x', speed => 1.5 }, unknown => [],
    channel_overrides => { sms => { instructions => 'Be brief.',
	instructions_mode => 'append' }, text => undef },
    channel_properties => { email => { enabled => $true,
	body_format => 'html', cc_reply_policy => 'never' },
	telephone => { transfer_number => '+15550009999', retries => 2 } });
my @configs = ({}, \%whole, (map { { $_ => $whole{$_} } } sort keys %whole),
    (map { { $_ => undef } } qw(type instructions tools variables voice
    channel_overrides channel_properties time_out webhook model)),
    (map { { $_ => 7 } } qw(type instructions tools variables voice webhook
    channel_overrides channel_properties timeout_action)),
    { temperature => 3 }, { debounce => 61 }, { max_tool_steps => 0 },
    { time_out => 0 }, { voice => { speed => 9 } }, { type => 'x' },
    { channel_overrides => { text => { instructions_mode => 'x' } } },
    { channel_properties => { sms => { enabled => 1 } } },
    { channel_properties => { telephone => { transfer_number => '911' } } });
is_deeply([ judged($schema, @configs) ], [ map { $parley->post(
    "/v1/agents/$fourth/versions", { config => $_ })->status == 201 ?
    'yes' : 'no' } @configs ],
    'what the schema takes the API takes too, and nothing else');

done_testing;
