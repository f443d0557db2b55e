#!/usr/bin/perl
# POST /v1/hooks/twilio/voice: whole calls, as Twilio asks for them: placed,
# answered, talked through, put through and ended; with an agent that is slow,
# a user who is silent, and requests that are repeated and come out of order.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Phone;
use Parley::Test;
use POSIX ();

use constant {
	PATIENCE => 60,
	PUBLIC => 'https://parley.example.test',
	VOICE => '/v1/hooks/twilio/voice',
};

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, children => 4, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8',
    PARLEY_HTTP_PUBLIC_URL => PUBLIC, PARLEY_API_WAITING => 2 });
my $phone = Parley::Phone->new($parley, public => PUBLIC);
my $sids = 0;
my %telephone = (no_input_message => 'Hello? Are you there?',
    no_input_retries => 1, no_input_timeout => 7,
    transfer_number => '+15551239999');
my $version = $phone->agent({ instructions => 'Sell tea.',
    starting_message => 'Tea & Co., <hello>!',
    voice => { voice_id => 'Polly.Amy', language => 'en-GB' },
    channel_properties => { telephone => \%telephone } },
    'both');

sub row { return Parley::Phone::row(@_) }
sub said { return Parley::Phone::said(@_) }
sub sid { return 'CA' . ++$sids }

# Where it leads: to what is heard, or to the next request.
sub leads {
	my (@verbs) = @_;
	for (@verbs) {
		return $_->[1]{action} if $_->[0] eq 'gather';
		return $_->[2] if $_->[0] eq 'redirect';
	}
	return;
}

sub names { return join ' ', map { $_->[0] } @_ }

# What was said in a conversation.
sub transcript {
	my ($conversation) = @_;
	return join '|', map { "$_->[0]: $_->[1]" } $parley->rows('SELECT sender,'
	    . ' text FROM message WHERE conversation_id = ' . row($conversation)
	    . ' ORDER BY seq');
}

# A call that was answered; the conversation, its carrier's id, the user and
# what is asked next.
sub connect_call {
	my (%of) = @_;
	my $user = $phone->new_user;
	my $answer = $parley->post('/v1/conversations', { channel =>
	    'telephone', user_id => $user, agent_version_id => $version,
	    agent_number => $phone->number, %of });
	die $answer->content if $answer->status != 202;
	my $call = wait_until(PATIENCE, sub {
		(grep { $_->{to} eq $user } $phone->twilio->placed)[0] })
	    or die 'it was not placed';
	return ($answer->json->{conversation}{id}, $call->{sid}, $user,
	    $call->{url});
}

sub hang_up {
	my ($sid, %more) = @_;
	return $phone->report(undef, $sid, 'completed', CallDuration => 42,
	    %more);
}

# Until nothing is under way or due, and what was stopped is put away: from
# then on nobody writes to the store by himself.
sub rest {
	return wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM'
	    . " work WHERE state IN ('running', 'done') OR state = 'waiting'"
	    . ' AND due <= UTC_TIMESTAMP(6)') == 0 });
}

subtest 'a call' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my ($call) = $url =~ /call=(.*)/;
	is($phone->progress($id), 'triggered', 'it is placed');
	$phone->report($call, $sid, 'initiated');
	$phone->report($call, $sid, 'ringing');
	is($phone->progress($id), 'ringing', 'it rings');
	my @verbs = $phone->follow($url, $sid);
	is($phone->progress($id), 'in_progress', 'somebody answers');
	is_deeply(\@verbs, [ [ 'gather', { input => 'speech dtmf', action =>
	    PUBLIC . VOICE . "?call=$call&step=2",
	    actionOnEmptyResult => 'true', timeout => 7, speechTimeout =>
	    'auto', language => 'en-GB', bargeIn => 'true' }, [ [ 'say',
	    { voice => 'Polly.Amy', language => 'en-GB' },
	    'Tea & Co., <hello>!' ] ] ] ], 'and is greeted, and listened to');
	$model->answer('We have green & black tea.', 'Two pounds; "fresh" tea.',
	    "Gern, grüße! \x{1F375}");
	@verbs = $phone->follow(leads(@verbs), $sid,
	    SpeechResult => 'What do you have?', Confidence => '0.93');
	is(said(@verbs), 'We have green & black tea.', 'is answered');
	@verbs = $phone->follow(leads(@verbs), $sid,
	    SpeechResult => 'How much is it?');
	is(said(@verbs), 'Two pounds; "fresh" tea.', 'again');
	@verbs = $phone->follow(leads(@verbs), $sid, Digits => '12');
	is(said(@verbs), "Gern, grüße! \x{1F375}", 'by keys, too');
	is(hang_up($sid)->status, 200, 'the user hangs up');
	is($phone->progress($id), 'completed', 'and it is over');
	is($parley->sql('SELECT duration, user_turn_count FROM conversation'
	    . ' WHERE id = ' . row($id)), "42\t3",
	    "with the carrier's duration");
	my $spoken = transcript($id);
	utf8::decode($spoken);
	is($spoken, join('|', 'AGENT: Tea & Co., <hello>!',
	    'USER: What do you have?', 'AGENT: We have green & black tea.',
	    'USER: How much is it?', 'AGENT: Two pounds; "fresh" tea.',
	    'USER: 12', "AGENT: Gern, grüße! \x{1F375}"), 'and every word');
	is(names($phone->follow(leads(@verbs), $sid)), 'hangup',
	    'what is asked after that is hung up');
};

subtest 'requests that are repeated' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @first = $phone->follow($url, $sid);
	is_deeply([ $phone->follow($url, $sid) ], \@first, 'the first, again');
	$model->answer('One.', 'Two.');
	my @one = $phone->follow(leads(@first), $sid, SpeechResult => 'A');
	my $spoken = transcript($id);
	is_deeply([ $phone->follow(leads(@first), $sid, SpeechResult => 'A') ],
	    \@one, 'words, again') for 1 .. 2;
	is(transcript($id), $spoken, 'nothing is stored twice');
	my @two = $phone->follow(leads(@one), $sid, SpeechResult => 'B');
	is(said(@two), 'Two.', 'the next');
	$spoken = transcript($id);
	is_deeply([ $phone->follow(leads(@first), $sid, SpeechResult => 'A') ],
	    \@two, 'an older one is answered as the call stands');
	is_deeply([ $phone->follow($url, $sid) ], \@two, 'so is the oldest');
	is_deeply([ $phone->follow($url =~ s/$/&step=900/r, $sid,
	    SpeechResult => 'Z') ]->[0][1], $two[0][1],
	    'and one from the future');
	is(transcript($id), $spoken, 'and nothing is stored');
	hang_up($sid);
};

subtest 'silence' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	my @once = $phone->follow(leads(@verbs), $sid);
	is(said(@once), 'Hello? Are you there?', 'who is silent is asked');
	is_deeply([ $phone->follow(leads(@verbs), $sid) ], \@once,
	    'and again the same, when it is repeated');
	$model->answer('Good.');
	my @spoken = $phone->follow(leads(@once), $sid, SpeechResult => 'Yes');
	is(said(@spoken), 'Good.', 'who speaks again is answered');
	my @twice = $phone->follow(leads(@spoken), $sid, SpeechResult => ' ');
	is(said(@twice), 'Hello? Are you there?', 'and may be silent again');
	my @last = $phone->follow(leads(@twice), $sid);
	is(names(@last) . ': ' . said(@last), 'say hangup: Goodbye.',
	    'but not for ever');
	is_deeply([ $phone->follow(leads(@twice), $sid) ], \@last, 'again');
	is($phone->progress($id), 'completed', 'it is over');
	hang_up($sid);
};

subtest 'an agent that is slow' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	# A request waits for eight seconds, and so does the next one.
	$model->slow(13, 'At last.');
	my @first = $phone->follow(leads(@verbs), $sid, SpeechResult => 'Hm?');
	is(names(@first), 'pause redirect', 'is bridged');
	is($first[0][1]{length}, 1, 'by a second');
	@verbs = $phone->follow(leads(@first), $sid);
	is(said(@verbs), 'At last.', 'until it has its words');
	is_deeply([ $phone->follow(leads(@first), $sid) ], \@verbs,
	    'which it has again when it is asked again');
	is(transcript($id), 'AGENT: Tea & Co., <hello>!|USER: Hm?|AGENT: At'
	    . ' last.', 'and said once');
	hang_up($sid);
};

subtest 'a user who hangs up while it thinks' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	$model->slow(13, 'Too late.');
	my @first = $phone->follow(leads(@verbs), $sid, SpeechResult => 'Hm?');
	is(names(@first), 'pause redirect', 'it thinks');
	hang_up($sid);
	is($phone->progress($id), 'completed', 'the conversation has ended');
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM turn'
	    . " WHERE outcome = 'discarded' AND conversation_id = "
	    . row($id)) }), 'and its turn is thrown away');
	is(transcript($id), 'AGENT: Tea & Co., <hello>!|USER: Hm?',
	    'nothing is said to nobody');
	is(names($phone->follow(leads(@first), $sid)), 'hangup',
	    'nor to who asks late');
};

subtest 'the end' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	$model->answer({ text => 'Good bye!', tool_calls => [ { name =>
	    'end_conversation', arguments => { reason => 'done' } } ] });
	@verbs = $phone->follow(leads(@verbs), $sid, SpeechResult => 'Bye');
	is(names(@verbs) . ': ' . said(@verbs), 'say hangup: Good bye!',
	    'the agent says good bye and hangs up');
	is($phone->progress($id), 'completed', 'it is over');
	hang_up($sid);
	is($parley->sql('SELECT duration FROM conversation WHERE id = '
	    . row($id)), 42, 'after the time that the carrier says');
};

subtest 'a person' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	$model->answer({ text => 'One moment.', tool_calls => [ { name =>
	    'hand_off_to_human', arguments => { reason => 'asked' } } ] });
	my $asked = leads(@verbs);
	@verbs = $phone->follow($asked, $sid, SpeechResult => 'A human!');
	is_deeply([ @verbs[1, 2] ], [ [ 'dial', { callerId => $phone->number },
	    '+15551239999' ], [ 'hangup', {} ] ], 'is called');
	is(said(@verbs), 'One moment.', 'after what was said');
	is($phone->progress($id), 'transferred', 'it is transferred');
	is_deeply([ $phone->follow($asked, $sid, SpeechResult => 'A human!') ],
	    \@verbs, 'which is repeated as it is');
	hang_up($sid);
	is($phone->progress($id), 'transferred', 'and stays so');
	is($parley->sql('SELECT duration FROM conversation WHERE id = '
	    . row($id)), 42, 'with its duration');
};

subtest 'an agent that thinks of its first words' => sub {
	my $shy = $phone->agent({ instructions => 'Greet.' });
	$model->answer('Good morning!');
	my ($id, $sid, $user, $url) = connect_call(agent_version_id => $shy);
	my @verbs = $phone->follow($url, $sid);
	is(said(@verbs), 'Good morning!', 'is waited for');
	is_deeply([ $phone->follow($url, $sid) ], \@verbs, 'again the same');
	is(said($phone->follow(leads(@verbs), $sid)), 'Are you still there?',
	    'and has words of its own for who is silent');
	$model->answer('Still here?');
	is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence'"), 0,
	    'no clock runs beside the carrier');
	$parley->sql('UPDATE conversation SET last_seq = last_seq + 1 WHERE id ='
	    . ' ' . row($id));
	is(said($phone->follow(leads(@verbs) =~ s/step=2/step=3/r, $sid,
	    SpeechResult => 'Yes')), 'Still here?',
	    'what was written meanwhile takes no words away');
	hang_up($sid);
};

subtest 'a pathway that puts through' => sub {
	my $pathway = $parley->post('/v1/pathway/create', { name => 'Desk' })
	    ->json->{pathway_id};
	my @nodes = ({ id => 'start', type => 'Default', data => { name =>
	    'start', isStart => JSON::PP::true, text => 'Sales or support?' }
	    }, { id => 'desk', type => 'Transfer Call', data => { name =>
	    'desk', text => 'Connecting you.', transferNumber =>
	    '+1 (555) 888-7777' } });
	my $made = $parley->post("/v1/pathway/$pathway", { name => 'Desk',
	    nodes => \@nodes, edges => [ { id => 'e', source => 'start',
	    target => 'desk', data => { label => 'any' } } ] });
	is($made->status, 200, 'there is a pathway') or diag $made->content;
	my $desk = $phone->agent({ pathway_id => $pathway,
	    pathway_version => 'draft' });
	my ($id, $sid, $user, $url) = connect_call(agent_version_id => $desk);
	my @verbs = $phone->follow($url, $sid);
	is(said(@verbs), 'Sales or support?', 'it begins at its start');
	my $asked = leads(@verbs);
	@verbs = $phone->follow($asked, $sid, SpeechResult => 'Sales');
	is(names(@verbs) . ' ' . said(@verbs) . " $verbs[1][2]",
	    'say dial hangup Connecting you. +15558887777',
	    "to the node's number");
	is($phone->progress($id), 'transferred', 'it is transferred');
	is_deeply([ $phone->follow($asked, $sid, SpeechResult => 'Sales') ],
	    \@verbs, 'which is repeated');
	hang_up($sid);
};

subtest 'more than may wait' => sub {
	my (@calls, @children);
	for (1 .. 3) {
		my ($id, $sid, $user, $url) = connect_call();
		push @calls, [ $id, $sid, leads($phone->follow($url, $sid)) ];
	}
	my $asked = @{ $model->requests };
	for my $i (0, 1) {
		$model->slow(12, "Late $i");
		my $pid = fork // die "fork: $!";
		if ($pid == 0) {
			eval { $phone->follow(@{ $calls[$i] }[2, 1],
			    SpeechResult => 'Hm?') };
			POSIX::_exit(0);
		}
		push @children, $pid;
		wait_until(PATIENCE, sub { @{ $model->requests } > $asked + $i })
		    or die 'the model was not asked';
	}
	$model->slow(6, 'Third');
	my @verbs = $phone->follow(@{ $calls[2] }[2, 1], SpeechResult => 'Me?');
	is(names(@verbs), 'pause redirect', 'is not held, but asked again');
	is(transcript($calls[2][0]), 'AGENT: Tea & Co., <hello>!|USER: Me?',
	    'before there are words');
	ok(wait_until(PATIENCE, sub { transcript($calls[2][0]) =~ /Third/ }),
	    'which are thought of all the same');
	is(said($phone->follow(leads(@verbs), $calls[2][1])), 'Third',
	    'and said then');
	waitpid $_, 0 for @children;
	hang_up($_->[1]) for @calls;
};

subtest 'an agent that finds no words' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	$model->slow(15, 'Never said.');
	@verbs = $phone->follow(leads(@verbs), $sid, SpeechResult => 'Hm?');
	is(names(@verbs), 'pause redirect', 'is waited for');
	like(leads(@verbs), qr/&poll=1$/, 'and it is counted how often');
	@verbs = $phone->follow(leads(@verbs) =~ s/poll=1/poll=20/r, $sid);
	is(names(@verbs) . ' ' . said(@verbs), 'say hangup I am sorry,'
	    . ' something does not work here. Please call again later.',
	    'but not for ever');
	is($phone->progress($id), 'failed', 'the conversation has failed');
	hang_up($sid);
};

subtest 'a call that comes in' => sub {
	my $sid = sid();
	my %from = (From => '+15557654321', To => $phone->number,
	    Direction => 'inbound', CallStatus => 'ringing');
	my @verbs = $phone->follow(undef, $sid, %from);
	is(said(@verbs), 'Tea & Co., <hello>!', 'is taken');
	is_deeply([ $phone->follow(undef, $sid, %from) ], \@verbs,
	    'once, however often it is asked for') for 1 .. 3;
	is_deeply([ $parley->rows('SELECT direction, progress, user_key,'
	    . ' agent_key, message_count FROM conversation WHERE'
	    . " carrier_call_id = '$sid'") ], [ [ 'inbound', 'in_progress',
	    '+15557654321', $phone->number, 1 ] ], 'by one conversation');
	$model->answer('Sure.');
	is(said($phone->follow(leads(@verbs), $sid, SpeechResult => 'Tea?')),
	    'Sure.', 'and is answered');
	hang_up($sid);
	is($parley->sql("SELECT progress FROM conversation WHERE"
	    . " carrier_call_id = '$sid'"), 'completed', 'until it ends');
	ok(rest(), 'and nothing is left to do');
	my $before = $parley->state;
	@verbs = $phone->follow(undef, sid(), %from, To => $parley->number);
	is(names(@verbs) . ': ' . said(@verbs), 'say hangup: This number does'
	    . ' not take calls. Goodbye.', 'to a number without an agent');
	is($parley->state, $before, 'nothing is kept of it');
	$parley->sql('UPDATE agent SET active = FALSE');
	is(names($phone->follow(undef, sid(), %from)), 'say hangup',
	    'an agent that was switched off takes none');
	$parley->sql('UPDATE agent SET active = TRUE');
};

subtest 'what is not Twilio, or not this call' => sub {
	my ($id, $sid, $user, $url) = connect_call();
	my @verbs = $phone->follow($url, $sid);
	my ($path) = leads(@verbs) =~ /(\/v1.*)/;
	ok(rest(), 'the call is under way');
	my $before = $parley->state;
	my ($headers, $body) = $phone->twilio->posted(PUBLIC . $path,
	    CallSid => $sid, SpeechResult => 'x');
	for my $case ([ 'another signature', $path, $body, { %$headers,
	    'X-Twilio-Signature' => 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=' } ],
	    [ 'another step', $path . '1', $body, $headers ],
	    [ 'other words', $path, $body . 'y', $headers ]) {
		my ($name, @request) = @$case;
		$request[2]{authorization} = undef;
		is($parley->post(@request)->status, 403, "$name: 403");
	}
	is(names($phone->follow(leads(@verbs), sid(), SpeechResult => 'x')),
	    'say hangup', 'another call is not answered');
	is($parley->state, $before, 'and nothing has changed');
	hang_up($sid);
};

done_testing;
