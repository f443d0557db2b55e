#!/usr/bin/perl
# A room of LiveKit that nobody joins, and what the clock makes of one that
# somebody did.
use v5.30;
use warnings;

use Parley::Test;

my $parley = Parley::Test->new;
my $conversations = '/v1/conversations';
is($parley->post('/v1/carriers', { kind => 'livekit', name => 'Rooms',
    api_key => 'APIkey', api_secret => 'secret', base_url =>
    'wss://rooms.example.test' })->status, 201, 'there is a server');

sub begin {
	my ($user) = @_;
	return $parley->post($conversations, { channel => 'webrtc',
	    user_id => $user, agent_config => {} })->json->{conversation}{id};
}

sub binary { return "UNHEX('" . ($_[0] =~ s/-//gr) . "')" }

sub is_at {
	my ($id) = @_;
	return $parley->sql('SELECT progress FROM conversation WHERE id = '
	    . binary($id));
}

# What its work of a kind that is done came to.
sub done_of {
	my ($id, $kind) = @_;
	return $parley->sql("SELECT result FROM work_done WHERE kind = '$kind'"
	    . ' AND subject_id = ' . binary($id));
}

my ($alone, $joined, $waits) = map { begin($_) } qw(ann bob eve);
$parley->sql("UPDATE conversation SET progress = 'in_progress',"
    . ' answered_at = UTC_TIMESTAMP(6) WHERE id = ' . binary($joined));
my $due = 'due < created_at + INTERVAL';
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND $due"
    . " 650 SECOND"), 0, 'a clock runs for longer than the token is good');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'silence' AND $due"
    . ' 670 SECOND'), 3, 'and not for much longer');
$parley->sql('UPDATE work SET due = UTC_TIMESTAMP(6) WHERE kind ='
    . " 'silence' AND subject_id IN (" . binary($alone) . ', '
    . binary($joined) . ')');
$parley->start_worker;
ok(wait_until(30, sub { is_at($alone) eq 'unanswered' }),
    'a room that nobody joined in time is unanswered');
is(done_of($alone, 'silence'), '{"struck":"join"}',
    'and its clock says so');
ok(wait_until(30, sub { done_of($alone, 'close') }),
    'what follows an end is done');
ok(wait_until(30, sub { done_of($joined, 'silence') }),
    'the clock of another strikes');
is(done_of($joined, 'silence'), '{"stopped":"the conversation moved on"}',
    'and finds that somebody joined');
is(is_at($joined), 'in_progress', 'who stays');
is(is_at($waits), 'token_created', 'one whose time is not out waits');
done_testing;
