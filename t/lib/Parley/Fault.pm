# What the tests of faults share: a crowd of clients that begin at one
# moment, and the rules that the store must keep whatever happens.
#
#	use Parley::Fault qw(crowd create broken);
#	my @answers = crowd(64, sub { create($test, message => $_[0]) });
#	is(join("\n", broken($test)), '', 'the store is whole');
package Parley::Fault;

use v5.30;
use warnings;

use Carp qw(croak);
use Exporter qw(import);
use File::Temp ();
use IO::Handle ();
use IPC::Open2 qw(open2);
use JSON::PP ();
use POSIX qw(WNOHANG);

use Parley::Server qw(wait_until);

our @EXPORT_OK = qw(broken children create crowd crowd_start crowd_end
    crowd_ended fcgi held_up hold lapse statuses waits_for_table watch_silence
    PATIENCE USER);

use constant {
	USER => '+15550002222',
	PATIENCE => 50,
};

# Calls $do with 0 .. $count - 1 in as many processes, all at one moment,
# and returns what each returned, in order: plain data, by JSON.
sub crowd {
	return crowd_end(crowd_start(@_));
}

# The same in two steps, for what happens meanwhile.
sub crowd_start {
	my ($count, $do) = @_;
	my $directory = File::Temp->newdir('parley-XXXXXX', TMPDIR => 1);
	pipe my $go, my $hold or croak "pipe: $!";
	pipe my $ready, my $tell or croak "pipe: $!";
	my @pids = map {
		my $pid = fork // croak "fork: $!";
		if ($pid == 0) {
			close $hold;
			# If nobody ends it.
			alarm 2 * PATIENCE;
			syswrite $tell, '.';
			sysread $go, my $never, 1;
			POSIX::_exit(result("$directory/$_", $do, $_));
		}
		$pid;
	} 0 .. $count - 1;
	close $tell;
	for (1 .. $count) {
		sysread $ready, my $one, 1 or croak 'a client did not begin';
	}
	close $hold;
	return bless { directory => $directory, pids => \@pids,
	    count => $count, owner => $$ }, 'Parley::Fault::Crowd';
}

# Has everybody ended?
sub crowd_ended {
	my ($crowd) = @_;
	my $left = $crowd->{pids};
	@$left = grep { waitpid($_, WNOHANG) == 0 } @$left;
	return !@$left;
}

sub crowd_end {
	my ($crowd) = @_;
	my $left = $crowd->{pids};
	wait_until(PATIENCE, sub { crowd_ended($crowd) }) or do {
		kill KILL => @$left;
		waitpid $_, 0 for @$left;
		croak scalar(@$left), ' clients did not end';
	};
	return map { read_result("$crowd->{directory}/$_") }
	    0 .. $crowd->{count} - 1;
}

sub result {
	my ($path, $do, $index) = @_;
	# Whatever the objects of the parent hold is the parent's.
	my $value = eval { { value => $do->($index) } } //
	    { died => "$@" };
	open my $file, '>', $path or return 1;
	print $file JSON::PP->new->allow_nonref->encode($value);
	return close($file) ? 0 : 1;
}

sub read_result {
	my ($path) = @_;
	open my $file, '<', $path or croak 'a client ended without a word';
	local $/;
	my $result = JSON::PP::decode_json(readline $file);
	croak "a client died: $result->{died}" if exists $result->{died};
	return $result->{value};
}

# Lets silence on the account's number be watched.
sub watch_silence {
	my ($test) = @_;
	my $config = $test->post('/v1/sms/number/update',
	    { phone_number => $test->number, time_out => 3600 });
	croak 'no config: ' . $config->content if $config->status != 200;
}

# A message from USER to the account's number; what a test asks of the
# answer.  A header is given by its name with a capital.
sub create {
	my ($test, %fields) = @_;
	my %headers = map { $_ => delete $fields{$_} }
	    grep { /^[A-Z]/ } keys %fields;
	my $answer = $test->request('POST', '/v1/sms/create', {
	    user_number => USER, agent_number => $test->number,
	    message => 'Hello', %fields }, \%headers);
	my $data = $answer->data // {};
	return {
		status => $answer->status,
		body => $answer->content,
		error => $answer->faults,
		retry => $answer->header('retry-after'),
		replayed => $answer->header('idempotency-replayed'),
		conversation => $data->{conversation_id},
		message => $data->{message_id},
		work => $data->{workflow_id},
	};
}

# Another user of the database, who does the statements and keeps what they
# lock until it is told `release` (by default ROLLBACK).
sub hold {
	my ($test, $statements) = @_;
	my $self = bless { owner => $$ }, 'Parley::Fault::Hold';
	$self->{pid} = open2($self->{out}, $self->{in}, qw(mariadb
	    --no-defaults --batch --raw --skip-column-names --unbuffered
	    --user=root), '--socket=' . $test->database->socket, $test->name);
	$self->{in}->autoflush(1);
	$self->say('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;'
	    . " BEGIN; $statements");
	return $self;
}

# How many transactions wait for a lock.  InnoDB looks anew only when nobody
# has asked for a tenth of a second, so all who ask this server take turns.
sub held_up {
	my ($test) = @_;
	return $test->sql(<<~'END') + 0;
		DO GET_LOCK('held_up', 60);
		DO SLEEP(0.12);
		SELECT COUNT(*) FROM information_schema.innodb_trx t
		JOIN information_schema.processlist p
		ON p.id = t.trx_mysql_thread_id
		WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()
		END
}

# How many of the worker's connections wait for a table that is locked.  What
# every worker sweeps is swept by all, and is no piece of work.
sub waits_for_table {
	my ($test) = @_;
	return $test->sql("SELECT COUNT(*) FROM information_schema.processlist
	    WHERE db = DATABASE() AND user = 'parley_worker'
	    AND state LIKE 'Waiting for table%'
	    AND COALESCE(info, '') NOT LIKE 'DELETE % LIMIT %'");
}

# An hour later: the lease is over, and so is all that was under way.
sub lapse {
	my ($test) = @_;
	$test->sql(<<~'END');
		UPDATE message SET leaving_at = leaving_at - INTERVAL 1 HOUR
		WHERE leaving_at IS NOT NULL;
		UPDATE work SET due = due - INTERVAL 1 HOUR
		WHERE state = 'running'
		END
}

# The processes that $pid started and that live.  The kernel's own list of
# them leaves some out while one of them ends.
sub children {
	my ($parent) = @_;
	my @children;
	for my $path (glob '/proc/[0-9]*/stat') {
		open my $file, '<', $path or next;
		my ($pid, $state, $its) = (readline($file) // '')
		    =~ /^(\d+) \(.*\) (\S) (\d+) /s or next;
		push @children, $pid if $its == $parent && $state ne 'Z';
	}
	@children = sort { $a <=> $b } @children;
	return @children;
}

# The status that a FastCGI program answers to GET $path, without a web
# server, over a connection to it; undef when there is no answer.
sub fcgi {
	my ($socket, $path) = @_;
	my %params = (REQUEST_METHOD => 'GET', REQUEST_URI => $path,
	    REQUEST_ID => 'none');
	my $params = join '', map {
		pack('CC', length, length $params{$_}) . $_ . $params{$_}
	} keys %params;
	my $record = sub { pack('CCnnCCa*', 1, $_[0], 1, length $_[1], 0, 0,
	    $_[1]) };
	local $SIG{PIPE} = 'IGNORE';
	syswrite $socket, $record->(1, pack 'nx6', 1)
	    . $record->(4, $params) . $record->(4, '') . $record->(5, '');
	my ($answer, $out) = ('', '');
	while (sysread $socket, $answer, 65536, length $answer) {
	}
	while ($answer =~ /\G.(.)..(..)(.)./gsc) {
		my ($type, $length, $padding) = (ord $1, unpack('n', $2),
		    ord $3);
		my $content = substr $answer, pos $answer, $length;
		$out .= $content if $type == 6;
		pos($answer) += $length + $padding;
	}
	return undef if $out eq '';
	return $out =~ /^Status: (\d+)/ ? $1 : 200;
}

# "200: 63, 409: 1", for messages and to compare.
sub statuses {
	my %count;
	$count{ $_->{status} }++ for @_;
	return join ', ', map { "$_: $count{$_}" } sort keys %count;
}

# What must hold whatever happened; each statement counts what breaks it.
my %rules = (
    'a message without a conversation' => <<'END',
	SELECT COUNT(*) FROM message m LEFT JOIN conversation c
	ON c.account_id = m.account_id AND c.id = m.conversation_id
	WHERE c.id IS NULL
END
    'a count or an order of messages that is not true' => <<'END',
	SELECT COUNT(*) FROM conversation c WHERE
	(c.message_count, c.last_seq, c.last_seq) <> (SELECT COUNT(*),
	COUNT(DISTINCT seq), COALESCE(MAX(seq), 0) FROM message m WHERE
	m.account_id = c.account_id AND m.conversation_id = c.id)
END
    'a conversation without a message' => <<'END',
	SELECT COUNT(*) FROM conversation WHERE message_count = 0
END
    'a count of conversations that is not true' => <<'END',
	SELECT COUNT(*) FROM (SELECT account_id, channel, number,
	SUM(conversations) AS counted FROM number_count GROUP BY account_id,
	channel, number) n WHERE counted <> (SELECT COUNT(*) FROM
	conversation c WHERE c.account_id = n.account_id AND
	c.channel = n.channel AND c.agent_key = n.number)
END
    'a conversation that is not counted' => <<'END',
	SELECT COUNT(*) FROM conversation c LEFT JOIN number_count n
	ON n.account_id = c.account_id AND n.channel = c.channel
	AND n.number = c.agent_key WHERE n.number IS NULL
END
    'two open conversations of a pair' => <<'END',
	SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE
	status = 'open' GROUP BY account_id, channel, agent_key, user_key
	HAVING COUNT(*) > 1) pairs
END
    'an end without its one piece of work, or work without an end' => <<'END',
	SELECT COUNT(*) FROM conversation c WHERE (c.status <> 'open') <>
	(SELECT COUNT(*) FROM work w WHERE w.account_id = c.account_id
	AND w.subject_id = c.id AND w.kind = 'close')
END
    'an agent who spoke last and whose clock does not run' => <<'END',
	SELECT COUNT(*) FROM conversation c JOIN message m
	ON m.account_id = c.account_id AND m.conversation_id = c.id
	AND m.seq = c.last_seq LEFT JOIN work w
	ON w.id = c.silence_work_id AND w.subject_id = c.id
	AND w.kind = 'silence' AND w.state = 'waiting'
	AND JSON_EXTRACT(w.payload, '$.seq') = c.last_seq
	WHERE c.status = 'open' AND m.sender = 'AGENT' AND w.id IS NULL
	AND c.human_handoff_at IS NULL
	AND COALESCE(m.status, '') NOT IN ('pending', 'queued', 'failed')
END
    'a clock that runs for nothing' => <<'END',
	SELECT COUNT(*) FROM work w LEFT JOIN conversation c
	ON c.account_id = w.account_id AND c.id = w.subject_id
	AND c.silence_work_id = w.id AND c.status = 'open'
	WHERE w.kind = 'silence' AND w.state = 'waiting' AND c.id IS NULL
END
    'a message whose work does not exist' => <<'END',
	SELECT COUNT(*) FROM message m LEFT JOIN work w ON w.id = m.work_id
	WHERE w.id IS NULL
END
    'an Idempotency-Key without its answer' => <<'END',
	SELECT COUNT(*) FROM idempotency WHERE status = 0 OR answer = ''
END
);

# The rules that the store breaks, with how often.
sub broken {
	my ($test) = @_;
	my @names = sort keys %rules;
	my @counts = split ' ',
	    $test->sql(join ';', map { $rules{$_} } @names);
	croak 'not all rules were asked for' if @counts != @names;
	return map { $counts[$_] ? "$names[$_]: $counts[$_]" : () }
	    0 .. $#names;
}

package Parley::Fault::Crowd;

# Clients of a test that failed do not stay.
sub DESTROY {
	my ($self) = @_;
	return if $self->{owner} != $$;
	local ($?, $!);
	kill KILL => @{ $self->{pids} };
	waitpid $_, 0 for @{ $self->{pids} };
}

package Parley::Fault::Hold;

# Does the statements and waits for their end.
sub say {
	my ($self, $statements) = @_;
	print { $self->{in} } "$statements;\nSELECT 'it is done';\n";
	while (defined(my $line = readline $self->{out})) {
		return if $line eq "it is done\n";
	}
	Carp::croak('the other user of the database has gone');
}

sub release {
	my ($self, $statement) = @_;
	return if !$self->{pid} || $self->{owner} != $$;
	print { $self->{in} } $statement // 'ROLLBACK', ";\n";
	close $self->{in};
	local $?;
	waitpid $self->{pid}, 0;
	$self->{pid} = 0;
}

sub DESTROY {
	my ($self) = @_;
	$self->release;
}

1;
