#!/usr/bin/perl
# POST /v1/sms/conversations/{id}/handoff and .../resume: a person takes a
# conversation over and gives it back.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Receiver;
use Parley::Test;

use constant { PATIENCE => 30, STAFF => '+15559870000' };

my $parley = Parley::Test->new(environment =>
    { PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $all = '/v1/sms/conversations';
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $uuid = qr/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
my $time = qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
my $account = $parley->id =~ s/-//gr;
my $json = JSON::PP->new->utf8->canonical;
my $users = 0;

sub new_user { return sprintf '+1555620%04d', ++$users }
sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }
sub talk {
	return $parley->create(user_number => new_user(), @_)->data
	    ->{conversation_id};
}
sub hand_off {
	my ($id, %body) = @_;
	return $parley->post("$all/$id/handoff", \%body);
}
sub resume {
	my ($id, %body) = @_;
	return $parley->post("$all/$id/resume", \%body);
}
sub settings {
	my $answer = $parley->post('/v1/sms/number/update',
	    { phone_number => $parley->number, @_ });
	die $answer->content if $answer->status != 200;
}

# The payloads of what waits to be done for a conversation.
sub works {
	my ($id, $kind) = @_;
	return map { $_->[0] } $parley->rows('SELECT payload FROM work WHERE'
	    . " kind = '$kind' AND state = 'waiting' AND subject_id = "
	    . row($id) . ' ORDER BY id');
}

# The statuses that the client is told of.
sub statuses {
	my ($id) = @_;
	return join ' ', grep { defined } map { $json->decode($_->[0])
	    ->{status} } $parley->rows('SELECT document FROM delivery WHERE'
	    . ' document IS NOT NULL AND conversation_id = ' . row($id)
	    . ' ORDER BY id');
}

settings(webhook => 'https://client.example.test/hook');

# --- A person takes over.

my $id = talk(sender => 'AGENT', time_out => 600);
my $answer = hand_off($id, reason => 'wants a discount', actor =>
    'kim@example.test', metadata => { ticket => 7 });
is($answer->status, 200, 'a conversation is handed off');
my $data = $answer->data;
my $at = $data->{conversation}{human_handoff_at};
like(delete $data->{conversation}{$_}, $time, "with $_")
    for qw(updated_at human_handoff_at);
my %metadata = (source => 'api', actor => 'kim@example.test', ticket => 7);
is_deeply($data, { message => 'Conversation handed off to a human',
    already_active => $false, conversation => { id => $id, is_active => $true,
    status => 'open', current_node_id => undef, human_handoff_reason =>
    'wants a discount', human_handoff_metadata => \%metadata } },
    'and how it stands now');
my $shown = $parley->conversation($id);
is_deeply([ @$shown{qw(human_handoff_at human_handoff_reason
    human_handoff_metadata)} ], [ $at, 'wants a discount', \%metadata ],
    'GET shows it');
my ($row) = grep { $_->{id} eq $id } @{ $parley->get($all)->data };
is($row->{human_handoff_at}, $at, 'the list as well');
is(works($id, 'silence'), 0, 'its clock stands');
is(statuses($id), 'human_handoff', 'the client is told');

# --- Once.

$answer = hand_off($id);
is($answer->status, 200, 'to hand it off again is no fault');
is($answer->data->{already_active}, $true, 'and is said');
$shown = $answer->data->{conversation};
is_deeply([ @$shown{qw(human_handoff_at human_handoff_reason
    human_handoff_metadata)} ], [ $at, 'wants a discount', \%metadata ],
    'what is not given stays');
$shown = hand_off($id, reason => 'angry', metadata => { ticket => 8 },
    notify_number => STAFF)->data->{conversation};
is_deeply([ @$shown{qw(human_handoff_at human_handoff_reason
    human_handoff_metadata)} ], [ $at, 'angry', { %metadata, ticket => 8 } ],
    'what is given changes');
is(statuses($id), 'human_handoff', 'nobody is told again');
is($parley->sql('SELECT COUNT(*) FROM conversation WHERE user_key = \''
    . STAFF . "'"), 0, 'nor notified');
$shown = hand_off(talk())->data->{conversation};
is_deeply([ @$shown{qw(human_handoff_reason human_handoff_metadata)} ],
    [ undef, { source => 'api', actor => undef } ],
    'nothing needs to be given');
$shown = hand_off(talk(), metadata => { actor => 'bot', source => 'x' })->data
    ->{conversation};
is_deeply($shown->{human_handoff_metadata}, { source => 'api', actor =>
    'bot' }, 'the source is ours, the actor may be in the metadata');
$id = talk();
is(hand_off($id, metadata => { $_ => 'x' x 16000 })->status, 200,
    "metadata grows: $_") for qw(a b c d);
is(hand_off($id, metadata => { e => 'x' x 16000 })->faults,
    'INVALID_PARAMETER /metadata', 'but not for ever');
my $agent_turn = talk();
$parley->post('/v1/sms/send', { agent_number => $parley->number, user_number =>
    $parley->conversation($agent_turn)->{user_number} });
is(works($agent_turn, 'turn'), 1, 'a turn of the agent waits');
hand_off($agent_turn);
is(works($agent_turn, 'turn'), 0, 'which a person who takes over stops');
is($parley->post('/v1/sms/send', { agent_number => $parley->number,
    user_number => $parley->conversation($agent_turn)->{user_number} })->faults,
    'AGENT_IS_SILENT', 'and none is asked for meanwhile');

# --- Where it is told, and who is notified.

$id = talk();
hand_off($id, reason => 'help', webhook => 'https://desk.example.test/',
    notify_number => STAFF);
is($parley->sql('SELECT url FROM delivery WHERE conversation_id = '
    . row($id)), 'https://desk.example.test/',
    'a webhook of its own is told of it');
my ($notice) = $parley->rows('SELECT m.text, m.sender, m.status FROM message m'
    . ' JOIN conversation c ON c.account_id = m.account_id AND c.id ='
    . " m.conversation_id WHERE c.user_key = '${\ STAFF}'");
is_deeply($notice, [ "The conversation $id with "
    . $parley->conversation($id)->{user_number}
    . ' was handed off to a human: help', 'AGENT', 'pending' ],
    'a person is sent a text with its id and the reason');
my $before = $parley->state;
$parley->sql("INSERT INTO opt_out VALUES (X'$account', 'sms',"
    . " '${\ $parley->number}', '${\ STAFF}', NOW(6))");
$id = talk();
$answer = hand_off($id, notify_number => STAFF);
is($answer->status . $answer->faults, '409RECIPIENT_OPTED_OUT /notify_number',
    'but not who opted out');
is($parley->conversation($id)->{human_handoff_at}, undef,
    'and it is not handed off');
$parley->sql('DELETE FROM opt_out');

# --- What is refused.

my $user = $parley->conversation($id)->{user_number};
$before = $parley->state;
for ((map { [ { reason => $_ }, '/reason' ] } '', ' ', 5, 'x' x 501),
    (map { [ { metadata => $_ }, '/metadata' ] } 'x', [],
	{ a => 'x' x 16384 }),
    (map { [ { actor => $_ }, '/actor' ] } '', 5, 'x' x 256),
    (map { [ { webhook => $_ }, '/webhook' ] } '', 'x',
	'http://example.com/', 5),
    (map { [ { notify_number => $_ }, '/notify_number' ] } '', '555', 5,
	$user, $parley->number)) {
	my ($body, $field) = @$_;
	is(hand_off($id, %$body)->faults, "INVALID_PARAMETER $field",
	    'handoff: ' . substr $json->encode($body), 0, 40);
}
for ((map { [ { node_id => $_ }, '/node_id' ] } '', 5, 'x' x 256),
    (map { [ { message => $_ }, '/message' ] } '', " \n", 5, 'x' x 1601),
    (map { [ { generate_reply => $_ }, '/generate_reply' ] } 'yes', 1),
    [ { message => 'x', generate_reply => $true }, '/generate_reply' ],
    (map { [ { actor => $_ }, '/actor' ] } '', 5, 'x' x 256)) {
	my ($body, $field) = @$_;
	is(resume($id, %$body)->faults, "INVALID_PARAMETER $field",
	    'resume: ' . substr $json->encode($body), 0, 40);
}
is(resume($id, node_id => 'x')->faults, 'PATHWAY_NOT_FOUND /node_id',
    'without a pathway there is no node');
is($parley->state, $before, 'nothing comes of those');
my $ended = talk();
$parley->post("$all/$ended/end");
for my $route (qw(handoff resume)) {
	for my $odd ('nonsense', '0190b0a0-0000-7000-8000-000000000001') {
		is($parley->post("$all/$odd/$route")->faults,
		    'CONVERSATION_NOT_FOUND', "$route: $odd is none");
	}
	$answer = $parley->post("$all/$ended/$route");
	is($answer->status . $answer->faults, '409CONVERSATION_HAS_ENDED',
	    "$route: not of what has ended");
}

# --- It is given back.

$id = talk(sender => 'AGENT', time_out => 600);
hand_off($id, reason => 'help', actor => 'kim');
$answer = resume($id, actor => 'lee');
is($answer->status, 200, 'a conversation is given back');
$data = $answer->data;
ok(delete $data->{conversation}{updated_at}, 'at some time');
is_deeply($data, { message => 'Conversation resumed', was_active => $true,
    status => undef, message_id => undef, workflow_id => undef,
    conversation => { id => $id, is_active => $true, status => 'open',
    current_node_id => undef, human_handoff_at => undef, human_handoff_reason
    => undef, human_handoff_metadata => undef } }, 'and how it stands now');
is_deeply($parley->conversation($id)->{metadata}{last_human_handoff},
    { source => 'api', actor => 'kim', reason => 'help', resumed_by =>
    'lee' }, 'what it was is kept in its metadata');
is(statuses($id), 'human_handoff human_handoff_ended', 'the client is told');
is(works($id, 'silence'), 1, 'the clock runs again');
is(works($id, 'turn') + works($id, 'send'), 0, 'nothing is said');
$data = resume($id)->data;
is($data->{was_active}, $false, 'to give it back again is no fault');
is(statuses($id), 'human_handoff human_handoff_ended', 'nor told again');

# --- With words.

hand_off($id);
$data = resume($id, message => 'Back again')->data;
is($data->{status}, 'processing', 'the agent can be given words');
like($_, $uuid, 'the message and its work are named')
    for @$data{qw(message_id workflow_id)};
$shown = $parley->conversation($id)->{messages}[-1];
is_deeply([ @$shown{qw(id message sender status)} ], [ $data->{message_id},
    'Back again', 'AGENT', 'pending' ], 'which are to leave');

# --- With an answer of the agent's own.

my @talk = (user_number => new_user(), objective => 'Help');
$id = $parley->post('/v1/sms/send', { @talk, agent_number => $parley->number,
    agent_message => 'Hi' })->data->{conversation_id};
hand_off($id);
$parley->create(user_number => $talk[1], message => 'Are you there?');
is(works($id, 'turn'), 0, 'a text meanwhile is not answered');
$data = resume($id, generate_reply => $true)->data;
is($data->{status}, 'processing', 'the agent answers now');
is($data->{message_id}, undef, 'with a message that is not there yet');
is_deeply([ works($id, 'turn') ], [ '{"event":"resumed"}' ], 'in its turn');
is($parley->get("/v1/workflows/$data->{workflow_id}")->data->{kind}, 'turn',
    'which is named');
is_deeply([ map { $_->{message} } @{ $parley->conversation($id)->{messages} }
    ], [ 'Hi', 'Are you there?' ], 'on the whole transcript');
my $spoken = talk();
$parley->post("$all/$spoken/messages", { message => 'Kim here' });
resume($spoken, generate_reply => $true);
is_deeply([ works($spoken, 'turn') ], [ '{"event":"opened"}' ],
    'where a person had the last word it speaks all the same');
is(resume($id, generate_reply => $false)->data->{status}, undef,
    'false asks for nothing');
my @key = ({ message => 'once' }, { 'Idempotency-Key' => 'k' });
my @twice = map { $parley->post("$all/$id/resume", @key) } 1, 2;
is($twice[1]->content, $twice[0]->content, 'a replayed key answers the same');
is(scalar(grep { $_->{message} eq 'once' } @{ $parley->conversation($id)
    ->{messages} }), 1, 'and says it once');

# --- What may not be said.

hand_off($id);
$before = $parley->state;
$parley->sql('INSERT INTO opt_out SELECT account_id, channel, agent_key,'
    . ' user_key, NOW(6) FROM conversation WHERE id = ' . row($id));
for ({ message => 'x' }, { generate_reply => $true }) {
	$answer = resume($id, %$_);
	is($answer->status . $answer->faults, '409RECIPIENT_OPTED_OUT',
	    'nothing is said to who opted out');
}
$parley->sql('DELETE FROM opt_out');
is($parley->state, $before, 'and a person still has it');
settings(human_mode => $true);
is(resume($id, generate_reply => $true)->faults, 'AGENT_IS_SILENT',
    'nor does the agent answer where people do');
settings(human_mode => $false, max_segments => 1);
is(resume($id, message => 'x' x 161)->faults, 'INVALID_PARAMETER /message',
    'nor at any length');
settings(max_segments => undef);

# --- With a node.

$parley->sql(<<~"END");
	INSERT INTO pathway (account_id, id, name, production_version,
	    staging_version, created_at) VALUES (X'$account', 'p1', 'One', 1, NULL, NOW(6));
	INSERT INTO pathway_version (account_id, pathway_id, number, name,
	    document, created_at) VALUES (X'$account', 'p1', 1, 'v1',
	  '{"nodes":[{"id":"start"},{"id":"offer"}]}', NOW(6));
	END
$id = talk(curr_pathway_id => 'p1', current_node_id => 'start');
hand_off($id);
is(resume($id, node_id => 'nowhere')->faults, 'INVALID_NODE /node_id',
    'a node must be in the pathway');
ok($parley->conversation($id)->{human_handoff_at},
    'else a person still has it');
is(resume($id, node_id => 'offer')->data->{conversation}{current_node_id},
    'offer', 'the agent goes on at a node');
$data = resume($id, node_id => 'start')->data;
is_deeply([ $data->{was_active}, $data->{conversation}{current_node_id} ],
    [ $false, 'start' ], 'even where no person had it');
is($parley->conversation($id)->{current_node_id}, 'start', 'which is kept');
settings(pathway_id => 'p1');
$id = talk();
resume($id, node_id => 'offer');
is_deeply([ @{ $parley->conversation($id) }{qw(curr_pathway_id
    current_node_id)} ], [ 'p1', 'offer' ],
    "a node may be of the number's pathway");

# --- It ends.

$id = talk();
hand_off($id, reason => 'help', actor => 'kim');
$data = $parley->post("$all/$id/end", { actor => 'lee' })->data;
is($data->{was_handed_off}, $true, 'a person ends it');
is($data->{conversation}{human_handoff_at}, undef, 'and has it no more');
is($json->decode((works($id, 'close'))[0])->{reason},
    'Conversation ended by the human rep', 'which is what is told');
is_deeply($parley->conversation($id)->{metadata}{last_human_handoff},
    { source => 'api', actor => 'kim', reason => 'help', ended_by => 'lee' },
    'what it was is kept in its metadata');

# --- With a worker it is told and notified.

my $receiver = Parley::Receiver->new;
settings(webhook => $receiver->url('number'), pathway_id => undef);
$id = talk();
my $early = $parley->post('/v1/sms/send', { user_number => new_user(),
    agent_number => $parley->number, agent_message => 'Early',
    time_out => 600 })->data->{conversation_id};
hand_off($early);
$parley->start_worker;
ok(wait_until(PATIENCE, sub { ($parley->conversation($early)->{messages}[0]
    {status} // '') eq 'delivered' }), 'what was said before leaves');
is(works($early, 'silence'), 0, 'but no clock starts while a person has it');
resume($early);
is(works($early, 'silence'), 1, 'until it is given back');
sub told {
	my ($status) = @_;
	return wait_until(PATIENCE, sub {
		my ($found) = grep { ($_->{document}{conversation_id} // '')
		    eq $id && ($_->{document}{status} // '') eq $status }
		    $receiver->requests;
		$found
	});
}
my $staff = '+15559870001';
hand_off($id, reason => 'help', metadata => { ticket => 7 }, webhook =>
    $receiver->url('desk'), notify_number => $staff);
my $told = told('human_handoff');
is($told->{path}, '/desk', 'the person is told');
is($told->{document}{metadata}{human_handoff}{ticket}, 7, 'with the metadata');
ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
    . " loopback_message WHERE to_number = '$staff'") }), 'and is notified');
resume($id);
is(told('human_handoff_ended')->{path}, '/desk', 'and told of the end');

done_testing;
