# A mail server as operators have it: Postfix, which takes mail with STARTTLS
# and a password, delivers to mailboxes and gives the agents' mail to `parley
# mail-in`; and Dovecot, which knows the passwords and shows the mailboxes.
#
#	use Parley::Mail;
#
#	my $mail = Parley::Mail->new;
#	my $parley = Parley::Test->new(environment => { $mail->environment });
#	$mail->pipe_to($parley);
#	... a mail is sent by smtp://127.0.0.1:PORT as parley, secret ...
#	my ($first) = $mail->wait_for('ada', 1);
#	is($first->{headers}{subject}, 'Hello', 'it arrived');
#	$mail->send(from => 'ada@example.test', to => 'help@agents.test',
#	    headers => { Subject => 'Hi' }, text => 'Hello');
#
# Every mailbox is NAME@example.test with the password `secret`; every address
# at agents.test is an agent's.  Both servers come from Debian's packages, are
# started by root alone, as they are made to be, listen on free ports of the
# loopback, and write below one directory.
package Parley::Mail;

use v5.30;
use warnings;

use Carp qw(croak);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp ();
use IO::Socket::INET ();
use Parley::Server qw(certificate free_port listening log_end reachable run
    wait_until);

use constant {
	POSTFIX => '/usr/lib/postfix/sbin',
	SECRET => 'secret',
};

# late is how many seconds Postfix takes to answer at the end of a mail, when it
# has written that the mail is whole.
sub new {
	my ($class, %of) = @_;
	croak 'Postfix and Dovecot are started by root alone' if $> != 0;
	my $self = bless {
		late => $of{late},
		directory => File::Temp->newdir('mail-XXXXXX', TMPDIR => 1),
		smtp_port => free_port(),
		plain_port => free_port(),
		imap_port => free_port(),
		tag => 0,
	}, $class;
	my $directory = "$self->{directory}";
	make_path("$directory/$_") for qw(etc spool data box run log);
	chmod 0755, $directory, map { "$directory/$_" } qw(etc spool box run);
	chown scalar getpwnam('nobody'), scalar getgrnam('nogroup'),
	    "$directory/box" or croak "$directory: $!";
	chown scalar getpwnam('postfix'), -1, "$directory/data"
	    or croak "$directory: $!";
	($self->{certificate}, $self->{key}) = certificate(
	    $ENV{PARLEY_TEST_CERTIFICATES} // "$directory/tls");
	$self->write_pipe({});
	$self->start_dovecot;
	$self->start_postfix;
	return $self;
}

sub smtp_url { return "smtp://127.0.0.1:$_[0]{smtp_port}" }
# The same server where it offers no encryption.
sub plain_url { return "smtp://127.0.0.1:$_[0]{plain_port}" }
sub user { return 'parley@example.test' }
sub password { return SECRET }

# With which our programs trust its certificate.
sub environment {
	my ($self) = @_;
	return (PARLEY_MAIL_CA_FILE => $self->{certificate},
	    PARLEY_NET_ALLOW => '127.0.0.0/8');
}

# Mail for agents goes into this Parley from now on, as an operator's pipe
# does it.
sub pipe_to {
	my ($self, $parley, @arguments) = @_;
	my $program = "$self->{directory}/run/parley";
	# Postfix may be running the one that is there.
	copy($parley->build . '/parley', "$program.new")
	    or croak "$program: $!";
	chmod 0755, "$program.new";
	rename "$program.new", $program or croak "$program: $!";
	my %environment = $parley->surroundings('parley_worker');
	reachable($environment{PARLEY_DATABASE_SOCKET} =~ s{/[^/]*\z}{}r);
	$self->write_pipe({ map { $_ => $environment{$_} }
	    grep { /^PARLEY_DATABASE/ } keys %environment },
	    $program, 'mail-in', @arguments);
	return;
}

# What Postfix runs.  Without a Parley mail is deferred.
sub write_pipe {
	my ($self, $environment, @command) = @_;
	my $path = "$self->{directory}/run/pipe";
	my $sets = join '', map { "$_='$environment->{$_}'; export $_\n" }
	    sort keys %$environment;
	my $run = @command ? "exec @command --recipient \"\$1\" --sender"
	    . " \"\$2\"" : 'exit 75';
	Parley::Server::spew("$path.new", "#!/bin/sh\n"
	    . "PARLEY_CONFIG=/dev/null; export PARLEY_CONFIG\n$sets$run\n");
	chmod 0755, "$path.new";
	rename "$path.new", $path or croak "$path: $!";
}

# --- Mail goes in.

# Gives a mail to Postfix, as a program of the user's would.  text, or mime
# for the whole of it; headers has more headers.
sub send {
	my ($self, %of) = @_;
	my $mime = $of{mime};
	if (!defined $mime) {
		my %headers = (From => $of{from}, To => $of{to},
		    %{ $of{headers} // {} });
		$mime = join('', map { "$_: $headers{$_}\n" }
		    sort keys %headers) . "\n$of{text}\n";
	}
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => $self->{smtp_port}, Timeout => 30)
	    or croak "connect: $!";
	my @last;
	my $say = sub {
		my ($line, $wanted) = @_;
		print $socket "$line\r\n" if defined $line;
		do { @last = (readline($socket) // '') =~ /^(\d+)(.)(.*)/s }
		    while ($last[1] // ' ') eq '-';
		croak "$line: @last" unless ($last[0] // '') =~ /^$wanted/;
	};
	$say->(undef, 220);
	$say->('EHLO user.test', 250);
	$say->('MAIL FROM:<' . ($of{sender} // $of{from}) . '>', 250);
	$say->('RCPT TO:<' . ($of{recipient} // $of{to}) . '>', 25);
	$say->('DATA', 354);
	print $socket map { s/\r?\n\z//r =~ s/^\./../r . "\r\n" } split /^/,
	    $mime;
	$say->('.', 250);
	$say->('QUIT', 221);
	return;
}

# --- Mail comes out.

# What is in NAME's mailbox, oldest first, as IMAP shows it: { raw, body,
# headers }; the names of headers are small.
sub mailbox {
	my ($self, $name) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
	    PeerPort => $self->{imap_port}, Timeout => 30)
	    or croak "connect: $!";
	readline $socket;
	my $ask = sub {
		my ($command) = @_;
		my $tag = 'a' . ++$self->{tag};
		print $socket "$tag $command\r\n";
		my @said;
		while (defined(my $line = readline $socket)) {
			if ($line =~ /\{(\d+)\}\r\n\z/) {
				read $socket, my ($literal), $1;
				push @said, $literal;
				next;
			}
			next unless $line =~ /^$tag (\S+)/;
			croak "$command: $line" if $1 ne 'OK';
			return @said;
		}
		croak "$command: the connection ended";
	};
	$ask->("LOGIN $name\@example.test " . SECRET);
	$ask->('SELECT INBOX');
	my @mails = eval { $ask->('FETCH 1:* BODY.PEEK[]') };
	$ask->('LOGOUT');
	return map { parsed($_) } @mails;
}

sub parsed {
	my ($raw) = @_;
	my ($head, $body) = split /\r\n\r\n/, $raw, 2;
	my %headers;
	for (split /\r\n(?![ \t])/, $head) {
		my ($name, $value) = split /:\s*/, $_, 2;
		$headers{lc $name} //= $value =~ s/\r\n\s*/ /gr;
	}
	return { raw => $raw, body => $body // '', headers => \%headers };
}

# The mailbox, as soon as it has so many.
sub wait_for {
	my ($self, $name, $count) = @_;
	my @mails;
	wait_until(60, sub { @mails = $self->mailbox($name);
	    @mails >= $count }) or croak scalar(@mails) . " of $count mails"
	    . " are in $name:\n", $self->log;
	return @mails;
}

# How many mails are in Postfix's queue.
sub queued {
	my ($self) = @_;
	return scalar(() = glob "$self->{directory}/spool/"
	    . '{incoming,active,deferred,maildrop}/{?,?/*,*}');
}

# Postfix tries again what it has put off.
sub flush {
	my ($self) = @_;
	run([ '/usr/sbin/postqueue', '-c', "$self->{directory}/etc", '-f' ]);
	return;
}

sub log {
	my ($self) = @_;
	return join '', map { -r $_ ? log_end($_, 30) : () }
	    "$self->{directory}/postfix.log", $self->{postfix} ?
	    $self->{postfix}{log} : (), $self->{dovecot}{log};
}

sub stop {
	my ($self) = @_;
	$_ && $_->stop for delete @$self{qw(postfix dovecot)};
	return;
}

# --- The servers.

sub start_dovecot {
	my ($self) = @_;
	my $directory = "$self->{directory}";
	my $path = "$directory/dovecot.conf";
	make_path("$directory/dovecot");
	Parley::Server::spew($path, <<~"END");
		base_dir = $directory/dovecot
		state_dir = $directory/dovecot
		log_path = /dev/stderr
		protocols = imap
		listen = 127.0.0.1
		ssl = no
		disable_plaintext_auth = no
		auth_mechanisms = plain login
		first_valid_uid = 1
		mail_location = maildir:$directory/box/%n
		mailbox_list_index = no
		passdb {
		  driver = static
		  args = password=@{[ SECRET ]}
		}
		userdb {
		  driver = static
		  args = uid=nobody gid=nogroup home=$directory/box/%n
		}
		service imap-login {
		  inet_listener imap {
		    port = $self->{imap_port}
		  }
		  inet_listener imaps {
		    port = 0
		  }
		  chroot =
		}
		service anvil {
		  chroot =
		}
		service auth {
		  unix_listener $directory/run/auth {
		    mode = 0666
		  }
		}
		END
	$self->{dovecot} = Parley::Server->start(
	    name => 'dovecot',
	    directory => "$directory/log",
	    command => [ '/usr/sbin/dovecot', '-F', '-c', $path ],
	    ready => sub { listening($self->{imap_port}) &&
		-S "$directory/run/auth" });
}

sub start_postfix {
	my ($self) = @_;
	my $directory = "$self->{directory}";
	Parley::Server::spew("$directory/etc/$_->[0]", $_->[1]) for
	    [ 'main.cf', $self->main_cf ], [ 'master.cf', $self->master_cf ];
	run([ '/usr/sbin/postfix', '-c', "$directory/etc", 'check' ]);
	$self->{postfix} = Parley::Server->start(
	    name => 'postfix',
	    directory => "$directory/log",
	    command => [ POSTFIX . '/master', '-c', "$directory/etc", '-s' ],
	    ready => sub { listening($self->{smtp_port}) });
}

sub main_cf {
	my ($self) = @_;
	my $directory = "$self->{directory}";
	return <<~"END";
		compatibility_level = 3.6
		queue_directory = $directory/spool
		data_directory = $directory/data
		daemon_directory = @{[ POSTFIX ]}
		command_directory = /usr/sbin
		meta_directory = /etc/postfix
		shlib_directory = /usr/lib/postfix
		maillog_file = $directory/postfix.log
		maillog_file_prefixes = $directory
		myhostname = mail.example.test
		mydestination =
		mynetworks = 127.0.0.0/8
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		alias_maps =
		alias_database =
		import_environment = MAIL_CONFIG=$directory/etc
		smtpd_peername_lookup = no
		disable_dns_lookups = yes
		message_size_limit = 36700160
		virtual_mailbox_limit = 0
		minimal_backoff_time = 1s
		maximal_backoff_time = 2s
		queue_run_delay = 1s
		smtpd_tls_cert_file = $self->{certificate}
		smtpd_tls_key_file = $self->{key}
		smtpd_tls_security_level = may
		smtpd_tls_auth_only = yes
		smtpd_tls_received_header = yes
		smtpd_sasl_auth_enable = yes
		smtpd_sasl_type = dovecot
		smtpd_sasl_path = $directory/run/auth
		smtpd_relay_restrictions = permit_sasl_authenticated,
		  reject_unauth_destination
		virtual_mailbox_domains = example.test
		virtual_mailbox_base = $directory/box
		virtual_mailbox_maps = inline:{ ada\@example.test=ada/,
		  bob\@example.test=bob/, eve\@example.test=eve/,
		  fay\@example.test=fay/ }
		virtual_uid_maps = static:@{[ scalar getpwnam 'nobody' ]}
		virtual_gid_maps = static:@{[ scalar getgrnam 'nogroup' ]}
		relay_domains = agents.test
		transport_maps = inline:{ agents.test=parley: }
		parley_destination_recipient_limit = 1
		smtpd_end_of_data_restrictions = @{[ $self->{late} ?
		    'check_client_access static:{INFO the mail is whole},'
		    . " sleep $self->{late}" : '' ]}
		END
}

sub master_cf {
	my ($self) = @_;
	my $pipe = "$self->{directory}/run/pipe";
	my $rows = join '', map { "$_\n" }
	    "127.0.0.1:$self->{smtp_port} inet n - n - - smtpd",
	    "127.0.0.1:$self->{plain_port} inet n - n - - smtpd -o"
	    . ' smtpd_tls_security_level=none -o smtpd_tls_auth_only=no',
	    map { my ($name, $private, $wake, $most, $program) = @$_;
		"$name unix $private - n $wake $most " . ($program // $name) }
	    [ qw(pickup n 1 1) ], [ qw(cleanup n - 0) ], [ qw(qmgr n 1 1) ],
	    [ qw(tlsmgr - 1000? 1) ], [ qw(rewrite - - - trivial-rewrite) ],
	    [ qw(bounce - - 0) ], [ qw(defer - - 0 bounce) ],
	    [ qw(trace - - 0 bounce) ], [ qw(verify - - 1) ],
	    [ qw(flush n 1000? 0) ], [ qw(proxymap - - -) ],
	    [ qw(smtp - - -) ], [ qw(relay - - - smtp) ],
	    [ qw(error - - -) ], [ qw(retry - - - error) ],
	    [ qw(discard - - -) ], [ qw(virtual - - -) ],
	    [ qw(anvil - - 1) ], [ qw(scache - - 1) ],
	    [ qw(showq n - -) ];
	return $rows =~ s/^virtual unix - - n/virtual unix - n n/mr
	    . "postlog unix-dgram n - n - 1 postlogd\n"
	    . "parley unix - n n - 10 pipe flags=DRhu user=nobody"
	    . " argv=$pipe \${recipient} \${sender}\n";
}

1;
