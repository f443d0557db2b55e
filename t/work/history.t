#!/usr/bin/perl
# What servers of this API are known to have got wrong, each with the whole
# of Parley: the API, a worker, a carrier, and a model where one is needed.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Receiver;
use Parley::Test;

use constant {
	PATIENCE => 40,
	SLOW => 2,	# seconds: a text arrives in less
};

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, children => 3, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $receiver = Parley::Receiver->new;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $users = 0;

sub user { return sprintf '+1555700%04d', ++$users }
sub row { return "UNHEX(REPLACE('$_[0]', '-', ''))" }

sub says {
	my ($id, $name, @wanted) = @_;
	wait_until(PATIENCE, sub { $parley->said($id) >= @wanted });
	return is_deeply([ $parley->said($id) ], \@wanted, $name);
}

# What was posted of a conversation: by type, in the order in which it came;
# once what came twice because a worker died after it had posted it.
sub told {
	my ($id, $type) = @_;
	my %seen;
	return grep { ($_->{type} // '') eq $type
	    && $_->{conversation_id} eq $id }
	    map { $_->{document} // {} }
	    grep { !$seen{$_->{headers}{'webhook-id'} // ''}++ }
	    $receiver->requests;
}

# Has everything that follows from a conversation been done?
sub settled {
	my ($id) = @_;
	return wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
	    . " work WHERE state IN ('waiting', 'running') AND kind <>"
	    . " 'silence' AND subject_id = " . row($id)) == 0 });
}

# The number's settings, what is not given being unset.
sub settings {
	my (%given) = @_;
	$parley->set(webhook => $receiver->url, restart_after_end_call =>
	    $true, request_data => {}, map({ $_ => undef } qw(objective
	    pathway_id pathway_version start_node_id time_out warning_time
	    timeout_message warning_message timeout_action)), %given);
}

sub send_text {
	my (%given) = @_;
	my $answer = $parley->post('/v1/sms/send', { user_number => user(),
	    agent_number => $parley->number, %given });
	die $answer->content if $answer->status != 200;
	return $answer->data->{conversation_id};
}

sub node {
	my ($id, $type, %data) = @_;
	return { id => $id, type => $type, data => { name => $id, %data } };
}

sub start { return node('start', 'Default', isStart => $true, @_) }

sub edge {
	my ($source, $target, %data) = @_;
	return { id => "$source-$target", source => $source,
	    target => $target, data => { label => $target, %data } };
}

# One more version of a pathway, or the first of a new one; in production.
sub publish {
	my ($nodes, $edges, $id) = @_;
	$id //= $parley->post('/v1/pathway/create', { name => 'A pathway' })
	    ->json->{pathway_id};
	my $version = $parley->post("/v1/pathway/$id/version",
	    { name => 'A version', nodes => $nodes, edges => $edges });
	die $version->content if $version->status != 200;
	my $answer = $parley->post("/v1/pathway/$id/publish",
	    { version_id => $version->json->{data}{version_number} });
	die $answer->content if $answer->status != 200;
	return $id;
}

subtest 'quick consecutive replies do not make the agent silent' => sub {
	settings(pathway_id => publish([ start(text => 'First?'),
	    node('next', 'Default', prompt => 'Ask on.') ],
	    [ edge('start', 'next'), edge('next', 'next') ]));
	$model->always('And then?');
	my $user = user();
	my $id = $parley->text($user, 'Hello');
	says($id, 'it begins', 'USER: Hello', 'AGENT: First?');
	for my $round (1 .. 3) {
		$parley->text($user, "$round.$_") for 1 .. 3;
		ok(wait_until(PATIENCE, sub { ($parley->said($id))[-1]
		    eq 'AGENT: And then?' && settled($id) }),
		    "burst $round is answered");
	}
	my $before = @{ $model->requests };
	$model->slow(SLOW, 'Too late');
	$parley->text($user, 'one');
	ok(wait_until(PATIENCE, sub { @{ $model->requests } > $before }),
	    'while the model thinks');
	$parley->text($user, $_) for qw(two three);
	ok(wait_until(PATIENCE, sub { ($parley->said($id))[-1]
	    eq 'AGENT: And then?' && settled($id) }), 'more is said: it is'
	    . ' answered, too');
	$parley->text($user, 'last');
	ok(wait_until(PATIENCE, sub { my @said = $parley->said($id);
	    "@said[-2, -1]" eq 'USER: last AGENT: And then?' }),
	    'and what comes after that');
};

subtest 'a reply is answered at once although the model was away' => sub {
	settings(objective => 'Chat');
	$model->fail(503);
	my $user = user();
	# As if it had been away for a while: the next try is a minute later.
	$parley->worker->stop;
	my $id = $parley->text($user, 'Hello?');
	$parley->sql("UPDATE work SET attempt = 3 WHERE kind = 'turn' AND"
	    . ' subject_id = ' . row($id));
	$parley->worker->again;
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM turn'
	    . " WHERE outcome = 'failed' AND conversation_id = " . row($id)) }),
	    'it could not be asked');
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR"
	    . " WHERE kind = 'turn' AND subject_id = " . row($id));
	$parley->text($user, 'Are you there?');
	says($id, 'the next text does not wait for another try', 'USER: Hello?',
	    'USER: Are you there?', 'AGENT: And then?');
};

my $ends = publish([ start(text => 'Goodbye?'),
    node('bye', 'End Call', text => 'Goodbye.') ], [ edge('start', 'bye') ]);
my %ends = (
    'an End Call' => [ 'ended', sub {
	$parley->text($_[1], 'Goodbye') } ],
    'the API' => [ 'ended', sub {
	$parley->post("/v1/sms/conversations/$_[0]/end", {}) for 1, 2 } ],
    'an opt-out' => [ 'blacklisted', sub { $parley->text($_[1], 'STOP') } ],
    'is_active' => [ 'inactive', sub { $parley->patch(
	"/v1/sms/conversations/$_[0]", { is_active => $false }) } ],
    'another conversation' => [ 'inactive', sub { $parley->create(
	user_number => $_[1], new_conversation => $true) } ],
    'silence' => [ 'timeout', sub { $parley->create(user_number => $_[1],
	sender => 'AGENT', time_out => 0.2) } ],
    'an end while a person has it' => [ 'ended', sub {
	$parley->post("/v1/sms/conversations/$_[0]/$_", {})
	    for qw(handoff end) } ]);

subtest 'an end is told by exactly one status webhook' => sub {
	settings(pathway_id => $ends);
	for my $by (sort keys %ends) {
		my ($status, $end) = @{ $ends{$by} };
		my $user = user();
		my $id = $parley->text($user, 'Hello');
		says($id, "$by: it begins", 'USER: Hello', 'AGENT: Goodbye?');
		$end->($id, $user);
		ok(wait_until(PATIENCE, sub {
			grep { $_->{status} !~ /^human/ } told($id, 'status')
		}), "$by is told");
		ok(settled($id), 'and nothing is left to do');
		my @told = grep { $_->{status} !~ /^human/ }
		    told($id, 'status');
		is_deeply([ map { $_->{status} } @told ], [ $status ],
		    "$by: once, as $status");
	}
};

subtest 'an End Call in the first turn is told, with what was said' => sub {
	settings(pathway_id => publish([ start(text => 'Welcome.',
	    modelOptions => { skipUserResponse => $true }),
	    node('bye', 'End Call', text => 'We are closed.') ],
	    [ edge('start', 'bye') ]));
	my $id = $parley->text(user(), 'Hello');
	ok(wait_until(PATIENCE, sub { told($id, 'status') }) && settled($id),
	    'the client is told');
	my @told = told($id, 'status');
	is(@told, 1, 'once');
	is_deeply([ @{ $told[0] }{qw(status message_count)} ], [ 'ended', 3 ],
	    'that it has ended, after all messages');
	like($told[0]{concatenated_transcript}, qr/We are closed\./,
	    'the last words among them');
};

subtest 'what is sent has its pathway and version, not the number\'s' => sub {
	my @words = map { publish([ start(text => "$_, version 1") ], []) }
	    qw(Its Other);
	publish([ start(text => 'Other, version 2'), node('on', 'Default',
	    text => 'Other goes on') ], [ edge('start', 'on') ], $words[1]);
	publish([ start(text => 'Other, version 3') ], [], $words[1]);
	publish([ start(text => 'Its, version 2') ], [], $words[0]);
	settings(pathway_id => $words[0], pathway_version => '1');
	my @cases = (
	    [ {}, 'Its, version 1', 'the number has its own' ],
	    [ { pathway_id => $words[1] }, 'Other, version 3',
		'a pathway is given: its version in production' ],
	    [ { pathway_id => $words[1], pathway_version => 2 },
		'Other, version 2', 'with a version' ],
	    [ { pathway_version => 2 }, 'Its, version 2', 'a version alone' ],
	);
	for my $case (@cases) {
		my ($given, $words, $name) = @$case;
		says(send_text(%$given), $name, "AGENT: $words");
	}
	my $user = user();
	my $id = $parley->text($user, 'Hello');
	says($id, 'a conversation in the number\'s', 'USER: Hello',
	    'AGENT: Its, version 1');
	is(send_text(user_number => $user, pathway_id => $words[1],
	    pathway_version => 2), $id, 'goes over to what is given');
	says($id, 'and speaks there', 'USER: Hello', 'AGENT: Its, version 1',
	    'AGENT: Other, version 2');
	$parley->text($user, 'On');
	says($id, 'where the user answers', 'USER: Hello',
	    'AGENT: Its, version 1', 'AGENT: Other, version 2', 'USER: On',
	    'AGENT: Other goes on');
};

subtest 'a timeout strikes once, although workers die' => sub {
	settings(time_out => 1, timeout_message => 'Bye');
	my @ids = map { send_text(agent_message => 'Are you there?') } 1 .. 10;
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
	    . ' conversation WHERE timed_out_at IS NOT NULL') >= 3 }),
	    'some have struck');
	$parley->crash_worker($parley->worker);
	$parley->sql("UPDATE work SET due = UTC_TIMESTAMP(6) WHERE state ="
	    . " 'running'");
	$parley->worker->again;
	for my $id (@ids) {
		wait_until(PATIENCE, sub { told($id, 'status') });
		settled($id);
	}
	is(scalar(grep { join('|', $parley->said($_)) eq
	    'AGENT: Are you there?|AGENT: Bye' } @ids), 10, 'each says Bye');
	is($parley->sql("SELECT COUNT(*) FROM loopback_message WHERE text ="
	    . " 'Bye'"), 10, 'which leaves once');
	is(scalar(grep { my @told = told($_, 'status');
	    @told == 1 && $told[0]{status} eq 'timeout' } @ids), 10,
	    'and is told once') or diag(explain([ map { [ told($_, 'status') ]
	    } @ids ]));
};

subtest 'request data reaches what is said in a pathway' => sub {
	my $data = publish([ start(text => 'Hi {{ Name }}, {{shop.city}}?'),
	    node('rich', 'Default', prompt => 'Offer {{plan}} to {{name}}.'),
	    node('poor', 'Default', text => 'Poor') ],
	    [ edge('start', 'rich', conditions => [ [ 'plan', '==', 'gold' ] ]),
	    edge('start', 'poor') ]);
	settings(pathway_id => $data, request_data => { name => 'nobody',
	    shop => { city => 'Bonn' } });
	my %given = (request_data => { name => 'Ada', plan => 'gold' });
	my $user = user();
	my $id = send_text(user_number => $user, %given);
	says($id, 'of the send over the number\'s', 'AGENT: Hi Ada, Bonn?');
	$parley->text($user, 'Yes');
	says($id, 'it decides the way', 'AGENT: Hi Ada, Bonn?', 'USER: Yes',
	    'AGENT: And then?');
	like($model->requests->[-1]{messages}[0]{content},
	    qr/Offer gold to Ada\./, 'and the model is told');
	ok(wait_until(PATIENCE, sub { told($id, 'message') == 3 }),
	    'the client is told');
	is_deeply((told($id, 'message'))[-1]{variables}, $given{request_data},
	    'of the same');

	$user = user();
	$id = $parley->text($user, 'Hello');
	says($id, 'the number\'s where there is no other', 'USER: Hello',
	    'AGENT: Hi nobody, Bonn?');
	send_text(user_number => $user, agent_message => 'News', %given);
	$parley->text($user, 'Yes');
	ok(wait_until(PATIENCE, sub { ($parley->said($id))[-1] eq
	    'AGENT: And then?' }), 'what comes later is there at the next turn');

	$user = user();
	$parley->create(user_number => $user, sender => 'AGENT',
	    message => 'Hello', curr_pathway_id => $data,
	    current_node_id => 'start', %given);
	$id = $parley->text($user, 'Yes');
	says($id, 'and so does what a conversation is created with',
	    'AGENT: Hello', 'USER: Yes', 'AGENT: And then?');
};

subtest 'Transfer Pathway goes on in the other pathway' => sub {
	my $other = publish([ start(text => 'Not here'), node('in', 'Default',
	    text => 'Here is {{name}}.'), node('bye', 'End Call',
	    text => 'Bye {{name}}.') ], [ edge('start', 'in'),
	    edge('in', 'bye') ]);
	publish([ start(text => 'A newer one') ], [], $other);
	my $user = user();
	settings(pathway_id => publish([ start(text => 'Who are you?'),
	    node('go', 'Transfer Pathway', text => 'One moment.',
		transferPathwayId => $other, transferPathwayVersion => 1,
		transferNodeId => 'in') ], [ edge('start', 'go') ]),
	    request_data => { name => 'Ada' });
	my $id = $parley->text($user, 'Hello');
	says($id, 'a conversation', 'USER: Hello', 'AGENT: Who are you?');
	$parley->text($user, 'Ada');
	says($id, 'is led into it, to the node, with its variables',
	    'USER: Hello', 'AGENT: Who are you?', 'USER: Ada',
	    'AGENT: One moment.', 'AGENT: Here is Ada.');
	is_deeply([ @{ $parley->conversation($id) }{qw(curr_pathway_id
	    curr_pathway_version current_node_id)} ], [ $other, '1', 'in' ],
	    'and shows where it is');
	$parley->text($user, 'Thanks');
	ok(wait_until(PATIENCE, sub { ($parley->said($id))[-1] eq
	    'AGENT: Bye Ada.' }), 'the user\'s answer is heard there');
	ok(wait_until(PATIENCE, sub { told($id, 'status') }),
	    'where it ends');
	is((told($id, 'status'))[0]{pathway_id}, $other, 'as it is told');
};

subtest 'pathways that lead to one another come to an end' => sub {
	my $pathway = $parley->post('/v1/pathway/create', { name => 'Round' })
	    ->json->{pathway_id};
	settings(time_out => 600, pathway_id => publish([ node('again',
	    'Transfer Pathway', isStart => $true, text => 'On.',
	    transferPathwayId => $pathway) ], [], $pathway));
	my $id = $parley->text(user(), 'Hello');
	my $where = 'WHERE conversation_id = ' . row($id);
	ok(wait_until(PATIENCE, sub { $parley->sql("SELECT COUNT(*) FROM turn"
	    . " $where") }), 'the turn is over');
	like($parley->sql("SELECT reason FROM turn $where"),
	    qr/too many pathways/, 'and says why');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM work'
	    . " WHERE kind = 'silence' AND state = 'waiting' AND subject_id = "
	    . row($id)) }), 'the clock of silence runs all the same');
};

# Every comparison by an edge and by a route of a webhook.
my %values = (seven => 7, seven_text => '7', half => 0.5, yes => $true,
    yes_text => 'TRUE', plan => 'Gold', list => [ 'Red', 'Blue' ],
    none => undef, inner => { age => 40 });
my @comparisons = (
    [ 'seven', '==', '7', 1 ], [ 'seven_text', '==', '7', 1 ],
    [ 'seven', '==', '7.0', 1 ], [ 'seven_text', '==', '7.0', 1 ],
    [ 'seven', '!=', '7', 0 ], [ 'seven', '>', '10', 0 ],
    [ 'seven_text', '>', '10', 0 ], [ 'seven_text', '<', '10', 1 ],
    [ 'half', '<', '1', 1 ], [ 'yes', '==', 'true', 1 ],
    [ 'yes_text', '==', 'true', 1 ], [ 'yes', '!=', 'false', 1 ],
    [ 'plan', '==', 'gold', 1 ], [ 'Plan', '==', 'gold', 1 ],
    [ 'plan', 'contains', 'OL', 1 ], [ 'list', 'contains', 'red', 1 ],
    [ 'list', 'contains', 'green', 0 ], [ 'none', 'is', 'null', 1 ],
    [ 'absent', 'is', 'null', 1 ], [ 'plan', 'is', 'not null', 1 ],
    [ 'absent', '==', 'gold', 0 ], [ 'absent', '>', '1', 0 ],
    [ 'inner.age', '>', '39', 1 ], [ 'plan', '==', '{{plan}}', 1 ],
);

subtest 'a comparison of values decides the same everywhere' => sub {
	settings();
	my (@asked, $user);
	for my $comparison (@comparisons) {
		my ($variable, $operator, $value, $holds) = @$comparison;
		my @rule = ($variable, $operator, $value);
		my @ways = (node('yes', 'End Call', text => 'yes'),
		    node('no', 'End Call', text => 'no'));
		my %ways = (edge => [ [ start(text => 'Well', modelOptions =>
			{ skipUserResponse => $true }), @ways ],
			[ edge('start', 'yes', conditions => [ \@rule ]),
			edge('start', 'no') ] ],
		    webhook => [ [ node('start', 'Webhook', isStart => $true,
			text => 'Well', method => 'GET', url =>
			$receiver->url('compare'), responseData => [ { name =>
			'x', data => '$.x' } ], responsePathways =>
			[ [ @rule, { id => 'yes' } ] ]), @ways ],
			[ edge('start', 'yes'), edge('start', 'no') ] ]);
		for my $way (sort keys %ways) {
			push @asked, [ "$way: @rule", $holds ? 'yes' : 'no',
			    $way, send_text(pathway_id =>
			    publish(@{ $ways{$way} }), request_data =>
			    \%values) ];
		}
	}
	for my $asked (@asked) {
		my ($name, $wanted, $way, $id) = @$asked;
		wait_until(PATIENCE, sub { settled($id) });
		my $went = ($parley->said($id))[-1] =~ s/^AGENT: //r;
		# A webhook none of whose routes holds stays where it is.
		$went = 'no' if $way eq 'webhook' && $went eq 'Well';
		is($went, $wanted, $name);
	}
	is(scalar(grep { ($_->{messages}[0]{content} // '') =~ /x Well/ }
	    @{ $model->requests }), 0, 'no model is asked');
};

subtest 'analyze reads what a conversation has' => sub {
	my $schema = $parley->post('/v1/citation_schemas/', { name => 'Intake',
	    schema => { variables => [ { name => 'name' }, { name => 'age',
		type => 'number' } ] } })->json->{data}{id};
	my $analyze = sub { $parley->post('/v1/sms/analyze', { schema_id =>
	    $schema, conversation_id => $_[0] }) };
	my %found = (variables => { name => 'Ada', age => 40 }, citations =>
	    [ { variable => 'name', message => " it's  Ada\n",
		confidence => 0.9 } ]);
	settings();
	my $user = user();
	my $id = $parley->create(user_number => $user, message =>
	    " it's  Ada\n")->data->{conversation_id};
	for my $case ('while it is active', 'after its end') {
		$model->answer({ text => \%found });
		my $answer = $analyze->($id);
		is($answer->status, 200, $case) or diag($answer->content);
		is_deeply($answer->data->{extracted_variables},
		    $found{variables}, 'with the variables');
		is_deeply($answer->data->{citations}, $found{citations},
		    'and what was said, word for word');
		is($answer->data->{messages_processed}, 1, 'of one message');
		$parley->post("/v1/sms/conversations/$id/end", {});
	}
	my $before = @{ $model->requests };
	is($analyze->($id)->faults, 'LLM_BROKEN_ANSWER',
	    'an answer that is no JSON is told as an error');
	is(@{ $model->requests } - $before, 2, 'when it was asked for twice');
	my $empty = send_text();
	settled($empty);
	$parley->delete("/v1/sms/conversations/$empty/messages", { message_ids
	    => [ map { $_->{id} } @{ $parley->conversation($empty)
	    ->{messages} } ] });
	my $answer = $analyze->($empty);
	is($answer->status, 200, 'a conversation without messages')
	    or diag($answer->content);
	is($answer->data->{messages_processed}, 0, 'has none to read');
};

subtest 'white space is kept wherever words are shown' => sub {
	my %words = (USER => "  two  spaces,\ta tab,\n\na gap \n",
	    AGENT => " 1.  one\n\n\t2. two  \n ");
	settings(objective => 'Chat');
	$model->answer($words{AGENT});
	my $user = user();
	my $id = $parley->text($user, $words{USER});
	says($id, 'in the conversation', map { "$_: $words{$_}" }
	    qw(USER AGENT));
	is($parley->sql('SELECT HEX(text) FROM loopback_message WHERE'
	    . " to_number = '$user'"), uc unpack('H*', $words{AGENT}),
	    'at the carrier') if settled($id);
	my %told = map { $_->{sender} => $_ } told($id, 'message');
	is($told{$_}{message}, $words{$_}, "in the webhook: $_")
	    for qw(USER AGENT);
	is_deeply([ map { $_->{content} } @{ $told{AGENT}{chat_history} } ],
	    [ @words{qw(USER AGENT)} ], 'in its history');
	is($model->requests->[-1]{messages}[-1]{content}, $words{USER},
	    'before the model');
	$parley->post("/v1/sms/conversations/$id/end", {});
	ok(wait_until(PATIENCE, sub { told($id, 'status') }), 'at the end');
	like((told($id, 'status'))[0]{concatenated_transcript}, qr/\Q$_\E/,
	    'in the transcript') for values %words;
	my $listed = $parley->post('/v1/sms/messages/get', { to => $user,
	    from => $parley->number })->json->{messages};
	$listed = JSON::PP->new->decode($listed) unless ref $listed;
	is_deeply([ map { $_->{message} } @$listed ], [ @words{qw(USER AGENT)}
	    ], 'in the list of messages');
	my ($turn) = @{ $parley->get("/v1/conversations/$id/turns")->data };
	like(JSON::PP->new->encode($turn), qr/2\. two  \\n "/,
	    'and in the trace of the turn');
};

done_testing;
