#!/usr/bin/perl
# What clients ask of the agent: it opens a conversation, is silent while a
# person has it, and answers to all that was said when it is given back.
use v5.30;
use utf8;
use warnings;

use JSON::PP ();
use Parley::Model;
use Parley::Test;

use constant PATIENCE => 40;

my $model = Parley::Model->new;
my $parley = Parley::Test->new(worker => 1, environment => {
    $model->environment, PARLEY_NET_ALLOW => '127.0.0.0/8' });
my ($true, $false) = (JSON::PP::true, JSON::PP::false);
my $all = '/v1/sms/conversations';
my $user = '+15556500001';

sub says {
	my ($id, $name, @wanted) = @_;
	wait_until(PATIENCE, sub { $parley->said($id) >= @wanted });
	return is_deeply([ $parley->said($id) ], \@wanted, $name);
}

$parley->set(objective => 'Chat', request_data => { day => 'Tuesday' });
$model->answer('Hello Ada, a table for Tuesday?');
my $answer = $parley->post('/v1/sms/send', { user_number => $user,
    agent_number => $parley->number, objective =>
    'Offer {{name}} a table for {{day}}.', request_data => { name => 'Ada' } });
my $id = $answer->data->{conversation_id};
says($id, 'the agent opens a conversation',
    'AGENT: Hello Ada, a table for Tuesday?');
like($model->requests->[-1]{messages}[0]{content},
    qr/Offer Ada a table for Tuesday\./,
    'by the objective and the variables that came with it');
my $work = $answer->data->{workflow_id};
ok(wait_until(PATIENCE, sub { $parley->get("/v1/workflows/$work")->data
    ->{state} eq 'done' }), 'which is the work that was named');
my $turns = $parley->get("/v1/conversations/$id/turns")->data;
is_deeply([ map { [ @$_{qw(event outcome workflow_id)} ] } @$turns ],
    [ [ 'opened', 'done', $work ] ], 'its turn is shown');
ok(@{ $turns->[0]{trace} }, 'with a trace');

$parley->post("$all/$id/handoff", { reason => 'help' });
my $asked = @{ $model->requests };
$parley->text($user, 'Are you there?');
$parley->text($user, 'Hello?');
my @said = ('AGENT: Hello Ada, a table for Tuesday?', 'USER: Are you there?',
    'USER: Hello?');
says($id, 'texts are kept while a person has it', @said);
$parley->post("$all/$id/messages", { message => 'Kim here, one moment' });
push @said, 'HUMAN: Kim here, one moment';
$model->answer('All is well, 7 pm?');
$answer = $parley->post("$all/$id/resume", { generate_reply => $true });
says($id, 'given back, the agent answers', @said, 'AGENT: All is well, 7 pm?');
is(@{ $model->requests }, $asked + 1, 'once, and not before');
my $given = JSON::PP->new->encode($model->requests->[-1]{messages});
like($given, qr/\Q$_\E/, "it is told: $_") for 'Are you there?', 'Hello?',
    'Kim here, one moment';

$parley->post('/v1/sms/toggle', { phone_number => $parley->number,
    on => $true });
$parley->text($user, 'And now?');
is($parley->sql("SELECT COUNT(*) FROM work WHERE kind = 'turn'"), 0,
    'where people answer on a number, no turn is asked for');
$parley->post('/v1/sms/toggle', { phone_number => $parley->number,
    on => $false });
$model->answer('Now I do');
$parley->text($user, 'And now?');
says($id, 'until they do no more', @said, 'AGENT: All is well, 7 pm?',
    'USER: And now?', 'USER: And now?', 'AGENT: Now I do');

done_testing;
