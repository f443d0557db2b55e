# A carrier that speaks the requests of Twilio's API that Parley makes, and
# fails on demand.
#
#	use Parley::Twilio;
#
#	my $twilio = Parley::Twilio->new;
#	# base_url of the carrier: $twilio->url; its account_sid: $twilio->sid,
#	# and its auth_token: $twilio->token
#	$twilio->fail(qw(429 lost));
#	... two messages are sent ...
#	is(scalar $twilio->accepted, 2, 'each reached the carrier once');
#
# Each POST takes the next fault of those that were ordered; when none is
# left it is accepted, or, with `random => 0.5`, fails as often as that.
# Every connection has a process of its own, so one that hangs holds up
# nobody.  What was accepted is one line of JSON in the record file, written
# before anything is answered: the carrier's own word on what reached it.
#
# Calls that it was asked to place are placed(); it rings nobody, and the test
# plays the call: what it posts is posted().
#
# official() asks Twilio's own library: see t/twilio.mjs.
#
#	my $signature = official({ do => 'sign', token => '12345',
#	    url => $url, form => { MessageSid => 'SM1' } });
package Parley::Twilio;

use v5.30;
use warnings;

use Carp qw(croak);
use Digest::SHA qw(hmac_sha1_base64);
use Exporter qw(import);
use Fcntl qw(:flock SEEK_SET);
use File::Temp ();
use IO::Socket::INET ();
use JSON::PP ();
use MIME::Base64 qw(decode_base64);
use Parley::Fault qw(children);
use Parley::Node qw(ask);
use Parley::Server qw(wait_until);
use POSIX qw(strftime);
use Socket qw(SOL_SOCKET SO_LINGER);
use Time::HiRes qw(sleep);

our @EXPORT_OK = qw(official);

# What each fault does: is the message accepted, before or after a sleep, and
# what is answered; nothing is answered by `lost` and `reset`.
my %faults = (
	500              => { status => 500 },
	'500-accepted'   => { status => 500, accept => 1 },
	429              => { status => 429, code => 20429 },
	503              => { status => 503 },
	400              => { status => 400, code => 21211 },
	'opted-out'      => { status => 400, code => 21610 },
	'reset'          => { reset => 1 },
	'reset-accepted' => { reset => 1, accept => 1 },
	'lost'           => { accept => 1 },
	'hang'           => { sleep => 600 },
	'hang-accepted'  => { sleep => 600, accept => 1 },
	'late'           => { before => 3, accept => 1 },
);

# Those that pass by themselves, for `random`.
my @passing = qw(500 500-accepted 429 503 reset reset-accepted lost);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

# Starts it.
#   sid, token  of the account
#   random      how many of the POSTs and look-ups fail: 0 to 1
#   status      of what it accepts; "queued"
sub new {
	my ($class, %of) = @_;
	my $directory = File::Temp->newdir('twilio-XXXXXX', TMPDIR => 1);
	my $self = bless {
		sid => 'AC' . join('', map { sprintf '%x', rand 16 } 1 .. 32),
		token => '12345',
		random => 0,
		status => 'queued',
		%of,
		directory => $directory,
		record => "$directory/accepted",
		placed => "$directory/placed",
		plan => "$directory/plan",
		calls => "$directory/calls",
		owner => $$,
	}, $class;
	put($self->{$_}, '') for qw(record placed plan calls);
	$self->{listener} = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
	    Listen => 128, ReuseAddr => 1) or croak "listen: $!";
	$self->{port} = $self->{listener}->sockport;
	$self->{pid} = fork // croak "fork: $!";
	if ($self->{pid} == 0) {
		# Only by a signal does it end, and it cleans nothing up.
		eval { $self->serve };
		POSIX::_exit(1);
	}
	close $self->{listener};
	return $self;
}

sub sid { return $_[0]{sid} }
sub token { return $_[0]{token} }
sub url { return "http://127.0.0.1:$_[0]{port}" }

# The next POSTs fail in these ways, one each; "ok" does not.
sub fail {
	my ($self, @ways) = @_;
	for (@ways) {
		croak "no such fault: $_" unless $_ eq 'ok' || $faults{$_};
	}
	locked($self->{plan}, sub {
		my ($file, $text) = @_;
		return $text . join '', map { "$_\n" } @ways;
	});
	return;
}

# From now on nothing fails by chance.
sub heal {
	my ($self) = @_;
	put("$self->{directory}/healed", '');
	return;
}

# What it accepted, in order: hashes as the API shows messages.
sub accepted { return rows($_[0]{record}) }

# What it was asked to call, in order: hashes as the API shows calls, and
# what it was to ask and to report: `url`, `status_callback`, `events`.
sub placed { return rows($_[0]{placed}) }

# Every request that came: { method, path, form, fault }.
sub calls { return rows($_[0]{calls}) }

# How many requests came.
sub count {
	my ($self) = @_;
	open my $file, '<', $self->{calls} or croak "$self->{calls}: $!";
	my $count = 0;
	$count++ while readline $file;
	return $count;
}

# Until nothing that was sent to it is still under way: whoever could send it
# more has ended.
sub settle {
	my ($self) = @_;
	# Connections are taken in order, and this is the last one.
	my $last = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => $self->{port}) or croak "127.0.0.1:$self->{port}: $!";
	print $last "GET / HTTP/1.1\r\n\r\n";
	1 while defined readline $last;
	return wait_until(30, sub { !children($self->{pid}) });
}

# The headers and the body with which it would report a status.
sub report {
	my ($self, $url, $message_sid, $status, %more) = @_;
	return $self->posted($url, MessageSid => $message_sid,
	    SmsSid => $message_sid, MessageStatus => $status,
	    SmsStatus => $status, %more);
}

# The headers and the body of a form that it posts of a call.
sub posted {
	my ($self, $url, %form) = @_;
	%form = (AccountSid => $self->{sid}, ApiVersion => '2010-04-01', %form);
	return ({
		'Content-Type' => 'application/x-www-form-urlencoded',
		'X-Twilio-Signature' => $self->signature($url, %form),
	}, join '&', map { escape($_) . '=' . escape($form{$_}) }
	    sort keys %form);
}

# Of a form that is posted to $url.
sub signature {
	my ($self, $url, %form) = @_;
	my $text = $url . join '', map { $_ . $form{$_} } sort keys %form;
	utf8::encode($text) if utf8::is_utf8($text);
	my $digest = hmac_sha1_base64($text, $self->{token});
	return $digest . '=' x (-length($digest) % 4);
}

sub stop {
	my ($self) = @_;
	my $pid = delete $self->{pid} or return;
	return if $self->{owner} != $$;
	local ($?, $!);
	# Those that hang are of its group.
	kill 'KILL', -$pid, $pid;
	waitpid $pid, 0;
	return;
}

sub DESTROY { $_[0]->stop }

# What Twilio's library answers.
sub official { return ask('twilio.mjs', $_[0]) }

# --- The server.

sub serve {
	my ($self) = @_;
	setpgrp;
	$SIG{CHLD} = 'IGNORE';
	$SIG{$_} = 'DEFAULT' for qw(TERM INT);
	my $parent = getppid;
	local $SIG{ALRM} = sub {
		kill 'KILL', -$$ if getppid != $parent;
		alarm 1;
	};
	alarm 1;
	for (;;) {
		my $client = $self->{listener}->accept or next;
		my $pid = fork // next;
		next if $pid;
		alarm 0;
		srand;
		eval { $self->answer($client) };
		POSIX::_exit(0);
	}
}

sub answer {
	my ($self, $client) = @_;
	my $request = read_request($client) or return;
	my $fault = $self->next_fault($request->{method});
	append($self->{calls}, { method => $request->{method},
	    path => $request->{path}, form => $request->{form},
	    fault => $fault });
	my $account = "/2010-04-01/Accounts/$self->{sid}/";
	my ($list) = $request->{path} =~ m{\A\Q$account\E(Messages|Calls)\.json\z};
	return say_error($client, 401, 20003) if
	    ($request->{user} // '') ne "$self->{sid}:$self->{token}";
	return say_error($client, 404, 20404) if !$list;
	return $self->post($client, $request, $faults{$fault} // {}, $fault,
	    $list) if $request->{method} eq 'POST';
	return say_error($client, $fault) if $fault =~ /^\d+$/;
	return hang_up($client, 1) if $fault eq 'reset';
	return $self->list($client, $request, $list);
}

sub post {
	my ($self, $client, $request, $fault, $name, $list) = @_;
	my $form = $request->{form};
	# What a template becomes it knows alone.
	$form->{Body} //= "Of the template $form->{ContentSid}"
	    if length $form->{ContentSid};
	for ('To', $list eq 'Calls' ? qw(From Url) : 'Body') {
		return say_error($client, 400, 21604) unless length $form->{$_};
	}
	sleep $fault->{before} if $fault->{before};
	my $keep = $list eq 'Calls' ? 'keep_call' : 'keep';
	my $row = $name eq 'ok' || $fault->{accept} ? $self->$keep($form) :
	    undef;
	sleep $fault->{sleep} if $fault->{sleep};
	return reply($client, 201, $row) if $name eq 'ok' || $name eq 'late';
	return say_error($client, $fault->{status}, $fault->{code})
	    if $fault->{status};
	return hang_up($client, $fault->{reset});
}

# The order of the record is that of acceptance.
sub keep {
	my ($self, $form) = @_;
	my $now = strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime);
	my $row = {
		sid => 'SM' . join('', map { sprintf '%x', rand 16 } 1 .. 32),
		account_sid => $self->{sid},
		api_version => '2010-04-01',
		to => $form->{To},
		from => $form->{From},
		messaging_service_sid => $form->{MessagingServiceSid},
		body => $form->{Body},
		status => $self->{status},
		direction => 'outbound-api',
		date_created => $now,
		date_updated => $now,
		date_sent => undef,
		num_segments => '1',
		num_media => '0',
		error_code => undef,
		error_message => undef,
		price => undef,
		price_unit => 'USD',
		uri => undef,
		subresource_uris => {},
	};
	my $path = "/2010-04-01/Accounts/$self->{sid}/Messages/$row->{sid}";
	$row->{uri} = "$path.json";
	$row->{subresource_uris}{media} = "$path/Media.json";
	append($self->{record}, $row);
	return $row;
}

# What Twilio does not show of a call is kept beside it.
sub keep_call {
	my ($self, $form) = @_;
	my $now = strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime);
	my $sid = 'CA' . join('', map { sprintf '%x', rand 16 } 1 .. 32);
	my $row = {
		sid => $sid,
		account_sid => $self->{sid},
		api_version => '2010-04-01',
		to => $form->{To},
		from => $form->{From},
		status => 'queued',
		direction => 'outbound-api',
		date_created => $now,
		date_updated => $now,
		start_time => undef,
		end_time => undef,
		duration => undef,
		answered_by => undef,
		price => undef,
		price_unit => 'USD',
		uri => "/2010-04-01/Accounts/$self->{sid}/Calls/$sid.json",
		subresource_uris => {},
	};
	append($self->{placed}, { %$row, url => $form->{Url},
	    status_callback => $form->{StatusCallback},
	    events => $form->{StatusCallbackEvent},
	    ring_most => $form->{Timeout}, talk_most => $form->{TimeLimit} });
	return $row;
}

# The newest first, in pages.
sub list {
	my ($self, $client, $request, $list) = @_;
	my $path = "/2010-04-01/Accounts/$self->{sid}/$list.json";
	my $record = $self->{$list eq 'Calls' ? 'placed' : 'record'};
	my %query = %{ $request->{query} };
	my $size = $query{PageSize} // 50;
	my $page = $query{Page} // 0;
	my @rows = grep { my $row = $_; !grep { length $query{$_} &&
	    ($row->{ lc $_ } // '') ne $query{$_} } qw(To From) }
	    reverse rows($record, $query{To});
	my @shown = grep { $_ } @rows[$page * $size ..
	    $page * $size + $size - 1];
	my $next = @rows > ($page + 1) * $size ? "$path?" . join('&',
	    map { escape($_) . '=' . escape($query{$_}) }
	    grep { $_ ne 'Page' } sort keys %query)
	    . '&Page=' . ($page + 1) : undef;
	return reply($client, 200, { lc $list => \@shown, page => 0 + $page,
	    page_size => 0 + $size, next_page_uri => $next });
}

sub next_fault {
	my ($self, $method) = @_;
	my $fault;
	locked($self->{plan}, sub {
		my ($file, $text) = @_;
		return $text if $method ne 'POST';
		$text =~ s/\A(.*)\n// and $fault = $1;
		return $text;
	});
	return $fault if defined $fault;
	return 'ok' if rand() >= $self->{random} ||
	    -e "$self->{directory}/healed";
	return (qw(500 429 reset))[rand 3] if $method ne 'POST';
	return $passing[rand @passing];
}

sub read_request {
	my ($client) = @_;
	my ($head, $body) = ('', '');
	while ($head !~ /\r\n\r\n/) {
		$client->sysread($head, 4096, length $head) or return;
	}
	($head, $body) = split /\r\n\r\n/, $head, 2;
	my ($length) = $head =~ /^Content-Length:\s*(\d+)/mi;
	while (length $body < ($length // 0)) {
		$client->sysread($body, 65536, length $body) or return;
	}
	my ($method, $path, $query) =
	    $head =~ m{\A(\w+) ([^ ?]+)(?:\?(\S*))? HTTP/1} or return;
	my ($user) = $head =~ /^Authorization:\s*Basic\s+(\S+)/mi;
	return { method => $method, path => $path,
	    query => parse($query // ''), form => parse($body),
	    user => defined $user ? decode_base64($user) : undef };
}

sub parse {
	my ($text) = @_;
	my %of;
	for (split /&/, $text) {
		my ($name, $value) = map { unescape($_) } split /=/, $_, 2;
		$value //= '';
		$of{$name} = !defined $of{$name} ? $value :
		    [ ref $of{$name} ? @{ $of{$name} } : $of{$name}, $value ];
	}
	return \%of;
}

sub unescape {
	my ($text) = @_;
	$text =~ tr/+/ /;
	$text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	utf8::decode($text);
	return $text;
}

sub escape {
	my ($text) = @_;
	utf8::encode($text) if utf8::is_utf8($text);
	return $text =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ger;
}

sub say_error {
	my ($client, $status, $code) = @_;
	return reply($client, $status, { status => $status,
	    code => $code // 20500, message => "fault $status",
	    more_info => 'https://www.twilio.com/docs/errors' },
	    $status == 429 ? "Retry-After: 1\r\n" : '');
}

sub reply {
	my ($client, $status, $document, $headers) = @_;
	my $body = $json->encode($document);
	$client->print("HTTP/1.1 $status Said\r\n", $headers // '',
	    "Content-Type: application/json\r\nConnection: close\r\n",
	    'Content-Length: ', length $body, "\r\n\r\n", $body);
	$client->close;
	return;
}

# Ends without an answer; by a reset, or as a server that stopped does.
sub hang_up {
	my ($client, $reset) = @_;
	setsockopt $client, SOL_SOCKET, SO_LINGER, pack 'll', 1, 0 if $reset;
	$client->close;
	return;
}

# --- Files that processes share.

sub put {
	my ($path, $text) = @_;
	open my $file, '>', $path or croak "$path: $!";
	print $file $text;
	close $file or croak "$path: $!";
	return;
}

# Gives the file's text to $change and writes what that returns.
sub locked {
	my ($path, $change) = @_;
	open my $file, '+<', $path or croak "$path: $!";
	flock $file, LOCK_EX or croak "$path: $!";
	my $text = do { local $/; readline $file } // '';
	my $changed = $change->($file, $text);
	if ($changed ne $text) {
		seek $file, 0, SEEK_SET;
		truncate $file, 0 or croak "$path: $!";
		print $file $changed;
	}
	close $file or croak "$path: $!";
	return;
}

# Adds a row at the end.
sub append {
	my ($path, $row) = @_;
	open my $file, '>>', $path or croak "$path: $!";
	flock $file, LOCK_EX or croak "$path: $!";
	print $file $json->encode($row), "\n";
	close $file or croak "$path: $!";
	return;
}

# All rows, or those in which $word stands somewhere: only these are decoded,
# since there may be thousands.
sub rows {
	my ($path, $word) = @_;
	open my $file, '<', $path or croak "$path: $!";
	flock $file, LOCK_SH or croak "$path: $!";
	return map { $json->decode($_) }
	    grep { index($_, $word // '') >= 0 } readline $file;
}

1;
