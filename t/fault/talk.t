#!/usr/bin/perl
# A message in a text conversation whose request dies while it waits for the
# agent's turn: it is kept, its turn is taken, and who repeats the request
# under its key has the answer.
use v5.30;
use warnings;

use Parley::Fault qw(children crowd_end crowd_start PATIENCE);
use Parley::Model;
use Parley::Server qw(wait_until);
use Parley::Test;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, children => 4,
    environment => { $model->environment, PARLEY_API_WAITING => 4 });
$parley->expect_faults(qr/ended by signal 9/, qr/upstream prematurely/);
my $talks = '/v1/conversations';
my %begin = (channel => 'text', user_id => 'u',
    agent_config => { instructions => 'Help.', starting_message => 'Hi.' });

sub cell {
	my ($row) = $parley->rows(@_);
	return $row->[0];
}

sub kill_waiting {
	kill KILL => children($parley->api->pid);
}

# --- A message.

my $talk = $parley->post($talks, \%begin)->json->{conversation}{id};
my @request = ('POST', "$talks/$talk/messages", { text => 'Anybody?' },
    { 'idempotency-key' => 'a-message' });
$model->answer({ text => 'Yes, me.', slow => 3 });
my $lost = crowd_start(1, sub { $parley->request(@request)->status });
wait_until(PATIENCE, sub { cell("SELECT COUNT(*) FROM work WHERE kind ="
    . " 'turn' AND state = 'running'") });
kill_waiting();
is((crowd_end($lost))[0], 502, 'whoever waited was told nothing');
my $answer = $parley->request(@request);
is($answer->status . ' ' . ($answer->json->{reply} // ''), '200 Yes, me.',
    'the same request again waits for the same turn');
is($answer->header('idempotency-replayed'), 'true', 'which it says');
is(cell('SELECT COUNT(*) FROM message'), 3, 'nothing was said twice');
is($parley->request(@request)->content, $answer->content,
    'and once more it is the same answer');

# --- The beginning, by the client's id alone.

my $own = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
my $create = { %begin, id => $own, agent_config =>
    { instructions => 'Say hello.' } };
$model->answer({ text => 'Hello!', slow => 3 });
$lost = crowd_start(1, sub { $parley->post($talks, $create)->status });
wait_until(PATIENCE, sub { cell("SELECT COUNT(*) FROM work WHERE kind ="
    . " 'turn' AND state = 'running'") });
kill_waiting();
is((crowd_end($lost))[0], 502, 'whoever began was told nothing');
$answer = $parley->post($talks, $create);
is($answer->status . ' ' . ($answer->json->{starting_message} // ''),
    '200 Hello!', "under the client's id it has begun, with its first words");
is(cell('SELECT COUNT(*) FROM conversation'), 2, 'once');

done_testing;
