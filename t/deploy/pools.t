#!/usr/bin/perl
# Requests that wait for an agent have a pool of their own: when all of it
# waits, the rest of the API goes on.
use v5.30;
use warnings;

use Parley::Fault qw(crowd_end crowd_start PATIENCE);
use Parley::Model;
use Parley::Server qw(wait_until);
use Parley::Test;

use constant { WAITING => 3, THINKS => 12 };

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, children => 1,
    waiting => WAITING, environment => { $model->environment,
    PARLEY_WORKER_SHARE => 100 });
my $talks = '/v1/conversations';
my @talks = map { $parley->post($talks, { channel => 'text',
    user_id => "u-$_", agent_config => { instructions => 'Help.',
    starting_message => 'Hi.' } })->json->{conversation}{id} } 1 .. WAITING;

sub running {
	my ($row) = $parley->rows("SELECT COUNT(*) FROM work WHERE kind ="
	    . " 'turn' AND state = 'running'");
	return $row->[0];
}

$model->answer(map { { text => 'Yes.', slow => THINKS } } 1 .. WAITING);
my $crowd = crowd_start(WAITING, sub { $parley->post("$talks/$talks[$_[0]]"
    . '/messages', { text => 'Anybody?' })->json->{reply} });
ok(wait_until(PATIENCE, sub { running() == WAITING }),
    'as many wait as the pool has processes');
is($parley->create(message => 'Hello')->status, 200,
    'a message is stored meanwhile');
is($parley->get("/v1/sms/conversations")->status, 200,
    'conversations are listed');
is($parley->get("$talks/$talks[0]/turns")->status, 200,
    'and turns, by the one process of the other pool');
is(running(), WAITING, 'while all of them still wait');
is_deeply([ crowd_end($crowd) ], [ ('Yes.') x WAITING ],
    'each has its answer');

done_testing;
