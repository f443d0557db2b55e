#!/usr/bin/perl
# A text conversation of an agent's version is one like any other to the
# worker: its silence is watched, its end is told, and what came of it kept.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Receiver;
use Parley::Test;

use constant PATIENCE => 30;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, children => 4, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $receiver = Parley::Receiver->new;
my $talks = '/v1/conversations';

sub begin {
	my (%config) = @_;
	my $answer = $parley->post($talks, { channel => 'text',
	    user_id => 'u-1', custom_metadata => { order => 'A-7' },
	    agent_config => { instructions => 'Help.',
		starting_message => 'Hi.', webhook => $receiver->url,
		%config } });
	die $answer->content if $answer->status != 200;
	return $answer->json->{conversation}{id};
}

sub told {
	my ($id, $type) = @_;
	my @found;
	wait_until(PATIENCE, sub {
		@found = grep { ($_->{conversation_id} // '') eq $id &&
		    $_->{type} eq $type } map { $_->{document} }
		    $receiver->requests;
		@found > 0
	});
	return $found[0];
}

sub texts {
	my ($id) = @_;
	return join '|', map { $_->[0] } $parley->rows('SELECT text FROM'
	    . " message WHERE conversation_id = UNHEX(REPLACE('$id', '-', ''))"
	    . ' ORDER BY seq');
}

# --- The end.

my $id = begin(summary_prompt => 'In one line.');
$model->answer('At nine.', { text => { summary => 'They asked when.' } });
is($parley->post("$talks/$id/messages", { text => 'When?' })
    ->json->{reply}, 'At nine.', 'somebody asks, and is answered');
$parley->post("$talks/$id/end", {});
my $status = told($id, 'status');
is("$status->{status} $status->{channel}", 'ended text',
    'the end is told by webhook');
is($status->{summary}, 'They asked when.', 'with its summary');
is_deeply($status->{metadata}, { order => 'A-7' }, 'and its metadata');
is($status->{concatenated_transcript} =~ tr/\n//, 3,
    'and all that was said');
is($parley->post("$talks/$id/end", {})->json->{summary},
    'They asked when.', 'which is shown when it is ended once more');
# By other work, which may end later.
my $messages = sub { scalar grep { $_->{document}{type} eq 'message' }
    $receiver->requests };
wait_until(PATIENCE, sub { $messages->() >= 3 });
is($messages->(), 3, 'each message was told as well');

# --- Silence.

$id = begin(warning_time => 0.4, warning_message => 'Still there?',
    time_out => 0.8, timeout_message => 'Goodbye.');
$status = told($id, 'status');
is($status->{status}, 'timeout', 'who is silent is warned, and left');
is(texts($id), 'Hi.|Still there?|Goodbye.', 'by the words of the config');
is($parley->post("$talks/$id/messages", { text => 'Here!' })->status, 409,
    'and comes too late');

# --- The agent ends it.

$id = begin();
$model->answer({ tool_calls => [ { name => 'end_conversation', arguments =>
    { reason => 'done', farewell => 'Bye now.' } } ] });
is($parley->post("$talks/$id/messages", { text => 'Thanks, that is all' })
    ->json->{reply}, 'Bye now.', 'an agent says its farewell');
is($parley->post("$talks/$id/messages", { text => 'One more' })->status, 409,
    'and the conversation is over');

done_testing;
