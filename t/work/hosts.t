#!/usr/bin/perl
# Two workers on two hosts, each with a configuration and a directory of its
# own, and one store: one is woken by its socket, the other looks by itself;
# they share the work, and what one of them does not end the other does.
use v5.30;
use warnings;

use JSON::PP ();
use Parley::Bulk qw(piece);
use Parley::Fault qw(children);
use Parley::Receiver;
use Parley::Server ();
use Parley::Test;

use constant {
	PATIENCE => 40,
	HELD => 2, # a quarter of the threads, by one account
};

my $parley = Parley::Test->new(environment => {
    PARLEY_NET_ALLOW => '127.0.0.0/8' });
my $receiver = Parley::Receiver->new;
my $next = 0;
is($parley->post('/v1/sms/number/update', { phone_number => $parley->number,
    webhook => $receiver->url('status') })->status, 200,
    'a number tells of its ends');

# parley-api knows the first host's socket and no other.
my $one = host('one', $parley->directory . '/wake.sock');
my $two = host('two', $parley->directory . '/two/wake.sock');

# A worker that has nothing but its own directory.
sub host {
	my ($name, $wake) = @_;
	my $directory = $parley->directory . "/$name";
	mkdir $directory or die "$directory: $!";
	my %variables = $parley->variables('parley_worker');
	my %database = map { /^PARLEY_DATABASE_(\w+)/ ?
	    (lc $1 => delete $variables{$_}) : () } keys %variables;
	Parley::Server::spew("$directory/secret.key",
	    Parley::Server::slurp($parley->secret_key));
	chmod 0600, "$directory/secret.key" or die "$directory: $!";
	Parley::Server::spew("$directory/parley.ini", join "\n", '[database]',
	    map({ "$_ = $database{$_}" } sort keys %database),
	    '[secret]', "key_file = $directory/secret.key",
	    '[net]', 'allow = 127.0.0.0/8',
	    '[worker]', 'threads = 8', 'connections = 4', "wake = $wake", '');
	my $worker = Parley::Server->start(
	    name => "worker-$name",
	    directory => $directory,
	    command => [ Parley::Test::build() . '/parley-worker' ],
	    environment => { %variables,
		PARLEY_CONFIG => "$directory/parley.ini" },
	    ready => sub { Parley::Test::hears($wake) });
	push @{ $parley->{workers} }, $worker;
	return $worker;
}

# A webhook that is to be delivered now.
sub deliver {
	my $path = 'hook/' . ++$next;
	my $piece = piece($parley, $parley, $next, 'deliver',
	    url => $receiver->url($path));
	return { %$piece, path => "/$path" };
}

# How often each was called, and by how many ids.
sub called {
	my (@pieces) = @_;
	my @requests = $receiver->requests;
	my %count;
	for my $piece (@pieces) {
		my @its = grep { $_->{path} eq $piece->{path} } @requests;
		my %ids = map { $_->{headers}{'webhook-id'} => 1 } @its;
		$count{ @its . ' by ' . keys %ids }++;
	}
	return join ', ', map { "$_: $count{$_}" } sort keys %count;
}

sub done {
	return $parley->sql("SELECT COUNT(*) FROM work_done WHERE kind ="
	    . " 'deliver' AND id IN (" . join(', ', map { "X'$_->{id}'" } @_)
	    . ')');
}

# The pieces that each holds.
sub held {
	my %held;
	push @{ $held{ $_->[0] } }, $_->[1] for $parley->rows('SELECT worker,'
	    . " HEX(id) FROM work WHERE state = 'running'");
	return \%held;
}

# A worker's name ends with its process.
sub held_by {
	my ($worker) = @_;
	my $held = held();
	my %own = map { $_ => 1 } children($worker->pid);
	return map { $held->{$_}->@* } grep { /:(\d+)$/ && $own{$1} }
	    keys %$held;
}

# Is every thread of its processes stopped?
sub stands_still {
	my ($worker) = @_;
	my @states = map {
		open my $file, '<', $_ or die "$_: $!";
		readline($file) =~ /^\d+ \(.*\) (\S)/s;
	} map { glob "/proc/$_/task/*/stat" } $worker->pid,
	    children($worker->pid);
	return !grep { $_ ne 'T' } @states;
}

# --- They share.

$receiver->answer(('hang') x (2 * HELD));
my @pieces = map { deliver() } 1 .. 3 * HELD;
ok(wait_until(PATIENCE, sub { held_by($one) == HELD && held_by($two) == HELD }),
    'two workers hold pieces of one account at once');
my @kept = held_by($one);
# What is claimed is called a moment later.
wait_until(PATIENCE, sub { my @all = $receiver->requests; @all >= 2 * HELD });
is(called(@pieces), '0 by 0: ' . HELD . ', 1 by 1: ' . 2 * HELD,
    'each another one');

# --- One of them is cut off, and comes back when it is too late.

kill 'STOP', -$one->pid;
# One thread is told, and tells the others when it runs.
ok(wait_until(PATIENCE, sub { stands_still($one) }), 'one is stopped');
$receiver->go;
ok(wait_until(PATIENCE, sub { done(@pieces) == 2 * HELD }),
    'the other ends its own, and what nobody had');
is_deeply([ sort(held_by($one)) ], [ sort @kept ],
    'what the first one has stays its own');
$parley->sql("UPDATE work SET due = due - INTERVAL 1 HOUR WHERE state ="
    . " 'running'");
ok(wait_until(PATIENCE, sub { done(@pieces) == @pieces }),
    'until its lease is over');
is(called(@pieces), '1 by 1: ' . 2 * HELD . ', 2 by 1: ' . HELD,
    'these are delivered again, by the id that they had');
my $before = $parley->state;
kill 'CONT', -$one->pid;
ok(wait_until(PATIENCE, sub {
	HELD == (() = $one->log =~ / deliver .* recorded=not found/g)
}), 'the first one comes back, and finds that they are not its own') or
    diag($one->log);
is($parley->state, $before, 'what it knows of them changes nothing');
is($parley->sql('SELECT COUNT(*), MAX(attempt), MIN(response_code) FROM'
    . ' delivery_attempt'), 3 * HELD . "\t1\t200",
    'each was recorded once');

# --- Woken, and looking.

# How often the clients were told of each conversation's end.
sub told {
	my %told;
	$told{ $_->{document}{conversation_id} }++
	    for grep { $_->{path} eq '/status' } $receiver->requests;
	return \%told;
}

# A conversation that ended, of which the client is told in the end.  Who told
# it has kept that by then, and may be stopped.
sub is_told {
	my $id = $parley->create(user_number => sprintf('+1555800%04d',
	    ++$next))->data->{conversation_id};
	$parley->patch("/v1/sms/conversations/$id",
	    { is_active => JSON::PP::false });
	my $row = "UNHEX(REPLACE('$id', '-', ''))";
	return wait_until(PATIENCE, sub { told()->{$id} && $parley->sql(
	    "SELECT COUNT(*) FROM work WHERE kind IN ('close', 'deliver')"
	    . " AND subject_id = $row") == 0 });
}

ok(is_told(), 'with both there a client is told');
$two->stop;
ok(is_told(), 'so it is by the one that parley-api wakes');
$two->again;
$one->stop;
ok(is_told(), 'and by the one that nobody wakes');
$one->again;
is_told() for 1 .. 20;
ok(wait_until(PATIENCE, sub { $parley->sql("SELECT COUNT(*) FROM work WHERE"
    . " kind IN ('close', 'deliver')") == 0 }), 'all of it is done');
is(join(' ', values told()->%*), join(' ', (1) x 23),
    'and of nothing they were told twice');
is($parley->sql("SELECT COUNT(*) FROM work WHERE state IN ('running', 'dead')"),
    0, 'nothing is left behind');

done_testing;
