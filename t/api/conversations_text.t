#!/usr/bin/perl
# POST /v1/conversations on text: a session begins, the agent's words are in
# the answers, and it ends.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Fault qw(crowd_end crowd_start);
use Parley::Model;
use Parley::Server qw(wait_until);
use Parley::Test;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, children => 4, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8',
    PARLEY_API_WAITING => 3 });
my $stranger = $parley->another_account;
my $talks = '/v1/conversations';
my $nobody = '0190b0a0-0000-7000-8000-000000000001';
my $number = 0;

sub begin {
	my (%body) = @_;
	return $parley->post($talks, { channel => 'text', user_id => 'u-1',
	    agent_config => { instructions => 'Be kind.',
		starting_message => 'Hello {{user}}!',
		variables => { user => 'Ada' } }, %body });
}

sub without {
	my ($body, @names) = @_;
	my %left = %$body;
	delete @left{@names};
	return \%left;
}

sub message {
	my ($id, $text, %more) = @_;
	return $parley->post("$talks/$id/messages", { text => $text, %more });
}

# What one cell has.
sub cell {
	my ($row) = $parley->rows(@_);
	return $row->[0];
}

# --- The beginning.

my $answer = begin();
is($answer->status, 200, 'a session begins');
my $talk = $answer->json->{conversation};
is($answer->json->{starting_message}, 'Hello Ada!',
    'with the words that the config begins with, filled in');
is("$talk->{channel} $talk->{status} $talk->{direction} $talk->{user_id}",
    'text in_progress outbound u-1', 'it is under way');
is($talk->{duration}, undef, 'and has no duration yet');
my $id = $talk->{id};

$answer = $parley->post('/core/conversations', { channel => 'text',
    user_id => 'u-2', agent_config => { starting_message => 'Hi.' } });
is($answer->status . ' ' . $answer->json->{starting_message}, '200 Hi.',
    'below /core/ it is the same');
is($parley->post('/core/sms/send', {})->status, 404,
    'where the messaging API is not');

$model->answer('Good morning, how can I help?');
$answer = begin(agent_config => { instructions => 'Greet by the hour.' });
is($answer->json->{starting_message}, 'Good morning, how can I help?',
    'without such words the agent thinks of its own');
like($model->requests->[-1]{messages}[0]{content}, qr/Greet by the hour/,
    'by its instructions');

# --- The client's own id.

my $own = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
$answer = begin(id => $own);
is($answer->json->{conversation}{id}, $own, 'a client brings its own id');
my $again = begin(id => uc $own, user_id => 'somebody else', channel =>
    'text', agent_config => { starting_message => 'Other words.' });
is($again->status, 200, 'the same again');
is_deeply($again->json, $answer->json, 'is what is there, unchanged');
is($parley->post($talks, { channel => 'text', conversation_id => $own,
    user_id => 'x', agent_config => {} })->json->{conversation}{id}, $own,
    'under its other name, too');
is($stranger->post($talks, { channel => 'text', id => $own, user_id => 'x',
    agent_config => { starting_message => 'Mine.' } })
    ->json->{starting_message}, 'Mine.',
    "another account's id is nothing to an account");

# --- What is wrong is 422, and changes nothing.

my %body = (channel => 'text', user_id => 'u', agent_config => {});
for my $case (
    [ 'no channel', without(\%body, 'channel'), '/channel' ],
    [ 'no such channel', { %body, channel => 'pigeon' }, '/channel' ],
    [ 'the messaging API begins its own', { %body, channel => 'sms' },
	'/channel' ],
    [ 'no user', without(\%body, 'user_id'), '/user_id' ],
    [ 'no agent', without(\%body, 'agent_config'), '/agent_id' ],
    [ 'two agents', { %body, agent_id => $nobody }, '/agent_config' ],
    [ 'two agents by reference', { %{ without(\%body, 'agent_config') },
	agent_id => $nobody, agent_version_id => $nobody },
	'/agent_version_id' ],
    [ 'a version of no agent', { %body, version => 1 }, '/version' ],
    [ 'an id that is none', { %body, id => 'mine' }, '/id' ],
    [ 'a config that is wrong', { %body, agent_config =>
	{ temperature => 9 } }, '/agent_config/temperature' ],
    [ 'metadata that is no object', { %body, custom_metadata => [1] },
	'/custom_metadata' ]) {
	my ($name, $wrong, $field) = @$case;
	my $refused = $parley->post($talks, $wrong);
	is($refused->status . ' ' . ($refused->json->{errors}[0]{field} // ''),
	    "422 $field", "422: $name");
	is($refused->json->{detail}, $refused->json->{errors}[0]{message},
	    'and its detail says why');
}
is($parley->post($talks, { %{ without(\%body, 'agent_config') },
    agent_id => $nobody })->status, 404, 'an agent that is not there: 404');
is($parley->request('POST', $talks, '{')->status, 400, 'no JSON is 400 here as well');

# --- Messages.

$model->answer('At nine.');
$answer = message($id, 'When do you open?');
is($answer->status, 200, 'a message is answered');
is_deeply($answer->json, { conversation_id => $id, reply => 'At nine.',
    tool_calls => [] }, "with the agent's words");
my @said = @{ $model->requests->[-1]{messages} };
is_deeply([ map { $_->{content} } @said[-2, -1] ],
    [ 'Hello Ada!', 'When do you open?' ], 'who was told all that was said');
$model->answer('Rich.');
is_deeply(message($id, 'Show me', interactivity => 'rich')->json->{widgets}, [],
    'a rich answer has widgets, if any');
is(message($id, '')->status, 422, 'an empty one is refused');
is(message($id, 'x', interactivity => 'loud')->status, 422,
    'and one that is to be otherwise');
$answer = $parley->post("$talks/$id/messages?stream=true", { text => 'x' });
is($answer->status, 422, 'and one whose answer is to be streamed');
like($answer->json->{detail}, qr/recorded/, 'which is told why');
is($stranger->post("$talks/$id/messages", { text => 'x' })->status, 404,
    "another account's conversation is not found");
is(message($nobody, 'x')->status, 404, 'nor one that is not there');

# The same under one key is one message.
my $key = { 'idempotency-key' => 'once' };
$model->answer('Once.');
my $first = $parley->request('POST', "$talks/$id/messages",
    { text => 'Only once' }, $key);
my $second = $parley->request('POST', "$talks/$id/messages",
    { text => 'Only once' }, $key);
is($first->json->{reply}, 'Once.', 'a message under a key');
is($second->content, $first->content, 'is answered again the same');
is($second->header('idempotency-replayed'), 'true', 'which is said');
is(cell("SELECT COUNT(*) FROM message WHERE text = 'Only once'"), 1, 'and is stored once');

# --- Initial context, and the model of the config.

$model->answer('Yes.');
$answer = begin(initial_context => 'The user is a member since 2019.',
    agent_config => { instructions => 'Help.', starting_message => 'Hi.',
	model => 'other-model' });
my $other = $answer->json->{conversation}{id};
message($other, 'Am I a member?');
like($model->requests->[-1]{messages}[0]{content},
    qr/member since 2019/, 'what is given is in the prompt');
is($model->requests->[-1]{model}, 'other-model',
    'the config names the model');

# --- Tools and widgets.

my $health = "http://127.0.0.1:" . $parley->port . '/v1/health';
my $equipped = begin(agent_config => { starting_message => 'Hi.',
    tools => [ { name => 'Look', description => 'Looks.', method => 'GET',
    url => $health, input_schema => { type => 'object', properties => {} } } ]
    })->json->{conversation}{id};
$model->answer({ tool_calls => [ { name => 'Look', arguments => {} } ] },
    'All is well.');
my $used = message($equipped, 'How is it?')->json;
is($used->{reply}, 'All is well.', 'an agent uses a tool, and answers');
is_deeply([ map { "$_->{type} $_->{name}" } @{ $used->{tool_calls} } ],
    [ 'tool_call Look', 'tool_result Look' ],
    'the call and its result are told');
is($used->{tool_calls}[0]{call_id}, $used->{tool_calls}[1]{call_id},
    'paired by their id');
like($used->{tool_calls}[1]{output}, qr/"status"/, 'with what came back');

$model->answer({ tool_calls => [ { name => 'show_widget', arguments =>
    { type => 'info', data => { title => 'Open at nine' } } } ] },
    'Here you are.');
my $shown = message($equipped, 'Show me', interactivity => 'rich')->json;
is_deeply($shown->{widgets}, [ { type => 'info',
    data => { title => 'Open at nine' } } ], 'a widget is shown');
is($shown->{reply}, 'Here you are.', 'beside the words');
$model->answer('Plain.');
message($equipped, 'And now');
ok(!grep({ $_->{function}{name} eq 'show_widget' }
    @{ $model->requests->[-1]{tools} // [] }),
    'whoever shows none is offered none');

# --- One message after another.

$model->answer({ text => 'First.', slow => 1.5, when => 'one' },
    { text => 'Second.', when => 'two' });
my $first_one = crowd_start(1, sub { message($equipped, 'one')->json });
wait_until(30, sub { cell("SELECT COUNT(*) FROM message WHERE text"
    . " = 'one'") > 0 });
is(message($equipped, 'two')->json->{reply}, 'Second.',
    'a message waits for the turn before it');
is((crowd_end($first_one))[0]{reply}, 'First.', 'and that has its answer');
is(cell("SELECT GROUP_CONCAT(text ORDER BY seq) FROM message WHERE"
    . " text IN ('one', 'First.', 'two', 'Second.')"),
    'one,First.,two,Second.', 'they are in order');

# --- A person takes over.

$parley->post("/v1/sms/conversations/$equipped/handoff", {});
$answer = message($equipped, 'Anybody?');
is($answer->status . " '" . $answer->json->{reply} . "'", "200 ''",
    'while a person has taken over the agent says nothing');
like(cell("SELECT text FROM message ORDER BY created_at DESC,"
    . ' seq DESC LIMIT 1'), qr/Anybody/, 'but the message is kept');

# --- Without a model.

$parley->worker->stop;
my $modest = $parley->start_worker(PARLEY_LLM_URL => '');
$answer = begin(agent_config => { instructions => 'Say hello.' });
is($answer->status, 200, 'a session begins without a model');
is($answer->json->{starting_message}, undef, 'and without first words');
my $mute = $answer->json->{conversation}{id};
$answer = message($mute, 'Hello?');
is($answer->status . ' ' . $answer->faults, '503 LLM_NOT_CONFIGURED',
    'a message says why it has no answer');
$modest->stop;
$model->answer('Here I am.');
$parley->start_worker($model->environment);
ok(wait_until(120, sub { cell('SELECT COUNT(*) FROM message WHERE text'
    . " = 'Here I am.'") > 0 }), 'and is answered once there is one');

# --- The end.

$answer = $parley->post("$talks/$id/end", {});
is($answer->status . ' ' . $answer->json->{status}, '200 completed',
    'it ends');
like($answer->json->{duration}, qr/^\d+$/, 'after so many seconds');
is_deeply($parley->post("$talks/$id/end", {})->json, $answer->json,
    'once more is the same');
is(message($id, 'Still there?')->status, 409, 'nothing is said in it any more');
is($parley->post("$talks/$nobody/end", {})->status, 404,
    'one that is not there is not ended');

done_testing;
