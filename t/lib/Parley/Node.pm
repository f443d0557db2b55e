# What an official library for Node does: a script of ours in t/ answers each
# line of JSON by another.
#
#	use Parley::Node qw(ask);
#
#	my $claims = ask('livekit.mjs', { do => 'verify', key => $key,
#	    secret => $secret, token => $token });
#
# One process of each script serves all of a test.
package Parley::Node;

use v5.30;
use warnings;

use Carp qw(croak);
use Exporter qw(import);
use File::Basename qw(dirname);
use IO::Handle ();
use IPC::Open2 qw(open2);
use JSON::PP ();

our @EXPORT_OK = qw(ask);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

sub ask {
	my ($script, $asked) = @_;
	state %running;
	my $node = $running{$script} //= start($script);
	croak 'a library is asked by the process that started it'
	    if $node->{owner} != $$;
	print { $node->{in} } $json->encode($asked), "\n";
	my $line = readline $node->{out} // croak "$script has ended";
	return $json->decode($line);
}

sub start {
	my ($script) = @_;
	open2(my $out, my $in, 'node', dirname(__FILE__) . "/../../$script");
	$in->autoflush(1);
	return { in => $in, out => $out, owner => $$ };
}

1;
