#!/usr/bin/perl
# Where a worker calls nobody, whatever a client's URL says: each form of an
# address that is not public, each scheme that is not the web's, and not by a
# proxy that the worker's environment names.
use v5.30;
use warnings;

use Parley::Bulk qw(piece);
use Parley::Receiver;
use Parley::Test;

use constant {
	PATIENCE => 300,
	ADDRESS => 'the URL leads to an address that may not be called',
	URL => 'the URL cannot be called',
};

my $parley = Parley::Test->new(start => 0);
# Whoever comes to this machine at all comes here.
my $receiver = Parley::Receiver->new;
my ($port) = $receiver->url =~ /:(\d+)/;

my %hosts = (
    'loopback' => [ qw(127.0.0.1 127.255.255.254 localhost LocalHost [::1]) ],
    'this host' => [ qw(0.0.0.0 0.1.2.3 [::]) ],
    'private' => [ qw(10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1
	100.64.0.1 100.127.255.255 [fc00::1] [fd00:ec2::254] [fec0::1]) ],
    'link-local, the metadata of clouds' => [ qw(169.254.169.254
	169.254.0.1 [fe80::1] [febf::1]) ],
    'IPv4 within IPv6' => [ qw([::ffff:7f00:1] [::ffff:127.0.0.1]
	[::ffff:10.0.0.1] [::127.0.0.1] [::ffff:0:127.0.0.1]
	[64:ff9b::7f00:1] [64:ff9b::169.254.169.254] [2002:7f00:1::1]
	[2002:a9fe:a9fe::]) ],
    'another way to write it' => [ qw(2130706433 0x7f000001 0x7f.0.0.1
	0177.0.0.1 017700000001 127.1 127.0.1 0 %31%32%37.0.0.1
	[0:0:0:0:0:0:0:1] [0000::0001]) ],
    'documentation, benchmarks, protocols' => [ qw(192.0.0.1 192.0.2.1
	198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 [2001:db8::1]) ],
    'many at once, or nobody' => [ qw(224.0.0.1 239.255.255.255 240.0.0.1
	255.255.255.255 [ff02::1]) ],
);

# What is wanted of each: a URL, a reason, and a name.
my @rows = map { my $what = $_; map { my $host = $_;
    map { [ "$_://$host:$port/", ADDRESS, $what ] } qw(https http) }
    $hosts{$what}->@* } sort keys %hosts;
push @rows, map { [ $_, URL, 'another scheme, or a user in it' ] }
    "ftp://127.0.0.1:$port/", "gopher://127.0.0.1:$port/x",
    "dict://127.0.0.1:$port/", 'file:///etc/passwd', 'http:///', 'hook',
    "http://a\@127.0.0.1:$port/", "http://8.8.8.8:53\@127.0.0.1:$port/",
    "http://127.0.0.1:$port\\\@8.8.8.8/", "http://127.0.0.1:$port/a b";

my $next = 0;
push @$_, piece($parley, $parley, ++$next, 'deliver', url => $_->[0]
    =~ s/\\/\\\\/gr)->{id} for @rows;
my $worker = $parley->start_worker;
given_up('all of them are given up');
$worker->stop;

# A proxy that may be called itself: the guard would judge its address.
push @rows, [ "http://10.0.0.1:$port/", ADDRESS, 'private, and a proxy' ];
push @{ $rows[-1] }, piece($parley, $parley, ++$next, 'deliver',
    url => $rows[-1][0])->{id};
my $proxy = $receiver->url('');
$parley->start_worker(PARLEY_NET_ALLOW => '127.0.0.1', map { $_ => $proxy }
    qw(http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY));
given_up('this too');

my %found = map { $_->[0] => [ @$_[1 .. 3] ] } $parley->rows('SELECT'
    . ' HEX(w.id), w.attempt, a.response_code, a.error_message FROM work w'
    . ' JOIN delivery d ON d.work_id = w.id JOIN delivery_attempt a'
    . ' ON a.delivery_id = d.id');
is_deeply($found{ $_->[3] }, [ 1, 'NULL', $_->[1] ],
    "$_->[2]: $_->[0] is not called, and not tried again") for @rows;
is(scalar($receiver->requests), 0, 'nobody has come');

sub given_up {
	my ($name) = @_;
	ok(wait_until(PATIENCE, sub { $parley->sql('SELECT COUNT(*) FROM work'
	    . " WHERE state = 'dead'") == @rows }), $name);
}

done_testing;
