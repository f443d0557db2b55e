# The demonstration: what it prints works when pasted, what was stored stays,
# it does not mind another one, and it ends without a trace.
use v5.30;
use warnings;

use Cwd qw(abs_path);
use File::Temp ();
use JSON::PP ();

use Parley::Fault qw(children PATIENCE);
use Parley::Server qw(wait_until);
use Parley::Test;

use constant NOBODY => 65534;

# None of the variables of the tests themselves is for it.
delete @ENV{ grep { /^PARLEY_/ } keys %ENV };

my $source = Parley::Test::source();
my $test_process = $$;
my @demos;

my $demo = demo();
my ($status, $out, $told) = command($demo, 'start');
is($status, 0, 'it starts') or BAIL_OUT("$out$told");
is($told, '', 'without complaint');

my %env = env($demo);
like($env{PARLEY_URL}, qr{^https://127\.0\.0\.1:\d+$}, 'demo/env has a URL');
like($env{PARLEY_API_KEY}, qr/^pk_[0-9a-f]{32}_[0-9a-f]{64}$/, 'a key');
like($env{PARLEY_NUMBER}, qr/^\+\d+$/, 'a number');
ok(-s $env{PARLEY_CA}, 'and a certificate');
is((stat "$demo->{directory}/demo/env")[2] & 077, 0,
    'and nobody else reads it');

my @pasted = commands($out);
is(scalar @pasted, 6, 'six calls are printed');
my @answers = map { decode(shell($_)) } @pasted[0 .. 3];
like($answers[0]{data}{message_id} // '', qr/^[0-9a-f-]{36}$/,
    'the first makes a conversation');
like(answer($answers[1]), qr/"\Q$env{PARLEY_NUMBER}\E"/,
    'the second lists the number');
like(answer($answers[2]), qr/"\Q$answers[0]{data}{conversation_id}\E"/,
    'the third lists the conversation');
is($answers[3]{starting_message}, 'Good morning! What may it be?',
    "a chat begins with the agent's words");
my $by_variables = ". '$demo->{directory}/demo/env';" . ' curl -sS --noproxy'
    . ' "*" --cacert "$PARLEY_CA" -H "Authorization: $PARLEY_API_KEY"'
    . ' "$PARLEY_URL/v1/sms/conversations"';
is_deeply(decode(shell($by_variables)), $answers[2],
    'the variables do as well');

my @processes = processes($demo);
cmp_ok(scalar @processes, '>=', 4, 'its processes are written down');
($status, $out) = command($demo, 'start');
is($status, 0, 'a second start is no error');
like($out, qr/running already/, 'and says that it runs');
is_deeply([ commands($out) ], \@pasted, 'and how to call it');
is_deeply([ processes($demo) ], \@processes, 'with the same processes');

subtest 'a user who is silent' => sub {
	my ($listen) = $out =~ /^  (perl .* listen \d+)$/m;
	my ($text) = $out =~ /^  ('\S+parley' (?:.*\\\n)?.* text .*)$/m;
	ok($listen && $text, 'two more commands are printed') or return;
	my $said = File::Temp->new;
	my $listener = Parley::Server->start(name => 'listen', log => "$said",
	    command => [ 'sh', '-c', "exec $listen" ],
	    ready => sub { heard("$said") =~ /^Listening/ });
	my $answer = decode(shell($pasted[4]));
	is($answer->{data}{sms_config}{time_out} // answer($answer), 3,
	    'the number waits for three seconds');
	my $open = $answers[0]{data}{conversation_id};
	my $ask = sub {
		my $asked = decode(shell($pasted[5]));
		is($asked->{data}{conversation_id} // answer($asked), $open,
		    'the agent asks');
	};
	# Whoever pastes the next two may be slower than the number is.
	shell($pasted[4] =~ s/"time_out":\K3\b/600/r);
	$ask->();
	is(shell($text), "$open\n", 'the user answers');
	shell($pasted[4]);
	$ask->();
	my $asked = time;
	ok(wait_until(PATIENCE, sub { heard("$said") =~
	    /^\{"type":"status".*\}$/m }), 'a webhook arrives') or return;
	cmp_ok(time - $asked, '<', 15, 'soon');
	my $told = heard("$said");
	like($told, qr{^POST / HTTP/1\.1$}m, 'as a POST');
	my ($document) = map { decode($_) } $told =~
	    /^(\{"type":"status".*\})$/m;
	is_deeply([ @$document{qw(type status conversation_id)} ],
	    [ 'status', 'timeout', $open ], 'that says why it ended');
	$listener->stop;
	$answers[2] = decode(shell($pasted[2]));
	like(answer($answers[2]), qr/"timeout"/, 'the conversation has ended');
};

subtest 'another one beside it, of another user' => sub {
	my $other = demo($> == 0 ? NOBODY : undef);
	plan(skip_all => 'that user may not read the sources')
	    if $other->{as} && system(as($other), 'test', '-r',
		"$source/build-aux/demo", '-a', '-x',
		Parley::Test::build() . '/parley') != 0;
	my ($status, $out, $told) = command($other, 'start');
	is($status, 0, 'it starts') or diag("$out$told");
	my %other = env($other);
	isnt($other{PARLEY_URL}, $env{PARLEY_URL}, 'at a port of its own');
	my ($create) = commands($out);
	ok(decode(shell($create))->{data}{message_id}, 'it answers');
	my @all = processes($other);
	($status) = command($other, 'stop');
	is($status, 0, 'it stops');
	ok(!alive(@all), 'no process of it is left');
	is_deeply([ processes($demo) ], \@processes, 'the first one runs on');
};

subtest 'killed by the power' => sub {
	kill KILL => @processes;
	ok(wait_until(PATIENCE, sub { !alive(@processes) }), 'all are killed');
	my ($status, $out, $told) = command($demo, 'start');
	is($status, 0, 'it starts again') or diag("$out$told");
	is_deeply([ commands($out) ], \@pasted, 'as the one it was');
	is_deeply(decode(shell($pasted[2])), $answers[2],
	    'with what was stored');
};

subtest 'stopped' => sub {
	my @all = processes($demo);
	my ($status, $out, $told) = command($demo, 'stop');
	is($status, 0, 'it stops');
	ok(!alive(@all), 'no process is left');
	($status) = command($demo, 'stop');
	is($status, 0, 'a second stop is no error');
	($status, $out, $told) = command($demo, 'start');
	is($status, 0, 'it starts again') or diag("$out$told");
	is_deeply({ env($demo) }, \%env, 'as the one it was');
	is_deeply(decode(shell($pasted[2])), $answers[2],
	    'with what was stored');
	@all = processes($demo);
	($status) = command($demo, 'stop');
	is($status, 0, 'and stops again');
	ok(!alive(@all), 'no process is left');
};

done_testing;

END {
	if ($$ == ($test_process // 0)) {
		local $?;
		command($_, 'stop') for @demos;
	}
}

# A demonstration in a directory of its own, with the programs that were
# built, run by this user or another.
sub demo {
	my ($as) = @_;
	my $holder = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);
	my $directory = abs_path("$holder");
	symlink Parley::Test::build() . "/$_", "$directory/$_"
	    or die "symlink: $!" for qw(parley parley-api parley-worker);
	chown $as, $as, $directory if $as;
	my $self = { holder => $holder, directory => $directory, as => $as };
	push @demos, $self;
	return $self;
}

sub as {
	my ($demo) = @_;
	return () if !$demo->{as};
	return ('setpriv', "--reuid=$demo->{as}", "--regid=$demo->{as}",
	    '--clear-groups', '--');
}

# Runs one of its commands; the exit status and what it said.  By way of
# files, since what it leaves running may keep a pipe open.
sub command {
	my ($demo, $what) = @_;
	local $ENV{SRCDIR} = $source;
	local $ENV{BUILDDIR} = $demo->{directory};
	my ($out, $err) = map { File::Temp->new } 1, 2;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDIN, '<', '/dev/null' or POSIX::_exit(126);
		open STDOUT, '>&', $out or POSIX::_exit(126);
		open STDERR, '>&', $err or POSIX::_exit(126);
		exec as($demo), $^X, "$source/build-aux/demo", $what
		    or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	return ($? >> 8, map { Parley::Server::slurp("$_") } $out, $err);
}

# What the file has, as a shell reads it.
sub env {
	my ($demo) = @_;
	my $file = "$demo->{directory}/demo/env";
	my @names = map { /^(\w+)=/ } split /\n/,
	    Parley::Server::slurp($file);
	return map { $_ => shell(". '$file'; printf %s \"\$$_\"") } @names;
}

# The commands that it printed.
sub commands {
	my ($out) = @_;
	return grep { /^curl/ } split /\n\n+/, $out;
}

sub shell {
	my ($command) = @_;
	return Parley::Server::run([ 'sh', '-c',
	    $command =~ s/^curl /curl -sS --noproxy '*' /r ]);
}

sub heard { return Parley::Server::slurp($_[0]) }

sub decode {
	my ($text) = @_;
	return eval { JSON::PP::decode_json($text) } // { text => $text };
}

sub answer {
	my ($answer) = @_;
	return JSON::PP->new->canonical->encode($answer);
}

# Its servers and what they have started.
sub processes {
	my ($demo) = @_;
	my @servers = map { (split ' ', Parley::Server::slurp($_))[0] }
	    sort glob "$demo->{directory}/demo/run/{mariadb,nginx,parley-api,parley-worker}";
	return map { ($_, children($_)) } @servers;
}

sub alive {
	return grep { Parley::Server::started($_) } @_;
}
