#!/usr/bin/perl
# Adapter: the operating system's TCP, through Perl's Socket module. No kit, nothing but what comes
# with Perl.
use strict;
use warnings;
use Errno;
use IO::Handle;
use JSON::PP ();
use MIME::Base64 qw(decode_base64 encode_base64);
use Socket qw(:all);

my $MAX_LINE = 1 << 20;
my $json = JSON::PP->new->utf8->canonical;
my %sockets;    # by name: {handle, connected, sending_is_shut}; dead ones, too

# The protocol gets a descriptor of its own; what anybody else prints lands on standard error.
open my $suite, '>&', \*STDOUT or die $!;
open STDOUT, '>&', \*STDERR or die $!;
$suite->autoflush(1);
$SIG{PIPE} = 'IGNORE';

sub say_to_suite { print {$suite} $json->encode($_[0]), "\n" }
sub fault        { die {adapter_error => $_[0]} }
sub unsupported  { die {unsupported => $_[0]} }

# Most errors are called as in Winsock, but for "WSA".
my @ERRNO = qw(EACCES EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT EALREADY ECONNABORTED ECONNREFUSED
    ECONNRESET EHOSTUNREACH EINVAL EISCONN EMFILE ENETUNREACH ENOTCONN EOPNOTSUPP ETIMEDOUT);

sub failed {
    my ($end) = @_;
    my $name = $!{EBADF} ? 'WSAENOTSOCK' : $!{EAGAIN} || $!{EINPROGRESS} ? 'WSAEWOULDBLOCK' : undef;
    # One error for three conditions that Winsock tells apart.
    $name = $end->{sending_is_shut} ? 'WSAESHUTDOWN' : $end->{connected} ? 'WSAECONNRESET' : 'WSAENOTCONN'
        if $!{EPIPE};
    $name //= (map { "WSA$_" } grep { $!{$_} } @ERRNO)[0] // '' . ($! + 0);
    die {error => $name};
}

sub packed {
    my ($host, $port) = $_[0] =~ /^\[?(.+?)\]?:(\d+)$/ or fault("\"$_[0]\" is no address");
    my $octets = inet_pton($host =~ /:/ ? AF_INET6 : AF_INET, $host) or fault("\"$host\" is no address");
    return $host =~ /:/ ? pack_sockaddr_in6($port, $octets) : pack_sockaddr_in($port, $octets);
}

sub named {
    my ($addr, $end, $returns) = @_;
    failed($end) unless defined $addr;
    my $is_ipv6 = sockaddr_family($addr) == AF_INET6;
    my ($port, $octets) = $is_ipv6 ? unpack_sockaddr_in6($addr) : unpack_sockaddr_in($addr);
    my $host = inet_ntop($is_ipv6 ? AF_INET6 : AF_INET, $octets);
    return {returns => $returns, addr => $is_ipv6 ? "[$host]:$port" : "$host:$port"};
}

sub no_flags {
    my ($flags) = @_;
    unsupported($json->encode($flags)) if ref $flags ? @$flags : defined $flags;
}

sub done { $_[0] ? {returns => 0} : failed($_[1]) }

# Fields ("?" after those that may be absent), and what is done. A function gets the request and
# the socket, and gives the reply.
my %operations = (
    socket => ['as provider family?', sub {
        my $family = ($_[0]{family} // '') eq 'AF_INET6' ? AF_INET6 : AF_INET;
        socket my $handle, $family, SOCK_STREAM, 0 or failed({});
        $sockets{$_[0]{as}} = {handle => $handle};
        return {returns => $_[0]{as}};
    }],
    bind   => ['socket addr', sub { done(bind($_[1]{handle}, packed($_[0]{addr})), $_[1]) }],
    listen => ['socket backlog', sub {
        my $backlog = $_[0]{backlog} eq 'SOMAXCONN' ? SOMAXCONN : $_[0]{backlog};
        done(listen($_[1]{handle}, $backlog), $_[1]);
    }],
    connect => ['socket addr', sub {
        connect $_[1]{handle}, packed($_[0]{addr}) or failed($_[1]);
        $_[1]{connected} = 1;
        return {returns => 0};
    }],
    accept => ['socket as', sub {
        my $peer = accept my $handle, $_[1]{handle} or failed($_[1]);
        $sockets{$_[0]{as}} = {handle => $handle, connected => 1};
        return named($peer, $_[1], $_[0]{as});
    }],
    send => ['socket data flags?', sub {
        no_flags($_[0]{flags});
        defined $_[0]{data} or unsupported('data: null');
        my $taken = send $_[1]{handle}, decode_base64($_[0]{data}), 0;
        return {returns => $taken // failed($_[1])};
    }],
    recv => ['socket length flags?', sub {
        no_flags($_[0]{flags});
        my $buffer = '';
        defined recv $_[1]{handle}, $buffer, $_[0]{length}, 0 or failed($_[1]);
        return {returns => length $buffer, data => encode_base64($buffer, '')};
    }],
    shutdown => ['socket how', sub {
        my %known = (SD_RECEIVE => 0, SD_SEND => 1, SD_BOTH => 2);
        my $how = $known{$_[0]{how}} // $_[0]{how};
        shutdown $_[1]{handle}, $how or failed($_[1]);
        $_[1]{sending_is_shut} ||= $how >= 1;
        return {returns => 0};
    }],
    closesocket => ['socket', sub { done(close($_[1]{handle}), $_[1]) }],
    getsockname => ['socket', sub { named(getsockname($_[1]{handle}), $_[1], 0) }],
    getpeername => ['socket', sub { named(getpeername($_[1]{handle}), $_[1], 0) }],
    setsockopt  => ['socket option value level?', sub {
        $_[0]{option} eq 'SO_LINGER' or unsupported($_[0]{option});
        my $linger = pack 'i2', @{$_[0]{value}}{qw(onoff linger)};
        done(setsockopt($_[1]{handle}, SOL_SOCKET, SO_LINGER, $linger), $_[1]);
    }],
    reset => ['', sub {
        no warnings 'closed';    # those that are closed already
        setsockopt $_->{handle}, SOL_SOCKET, SO_LINGER, pack 'i2', 1, 0 for values %sockets;
        %sockets = ();
        return {returns => 0};
    }],
);

sub answer {
    my ($request) = @_;
    my ($op, %given) = ($request->{op} // fault('a request needs an op'), %$request);
    my ($fields, $call) = @{$operations{$op} // unsupported($op)};
    my %known = map { /^(\w+)(\??)$/ ? ($1 => $2) : () } split ' ', $fields;
    delete @given{qw(id op announce)};
    $known{$_} // unsupported("$op.$_") for sort keys %given;
    exists $given{$_} || $known{$_} || fault("$op needs the field $_") for sort keys %known;
    fault("\"$given{as}\" is taken") if exists $given{as} && $sockets{$given{as}};
    my $end = exists $known{socket} ? $sockets{$given{socket}} // fault("no socket is called \"$given{socket}\"") : undef;
    say_to_suite({id => $request->{id}, started => JSON::PP::true}) if $request->{announce};
    no warnings 'closed';
    return $call->(\%given, $end);
}

say_to_suite({hello => 1, implementation => "the operating system's TCP", version => "Perl $^V", lanes => 1,
    operations => [sort keys %operations],
    providers => [{name => 'tcp', type => 'SOCK_STREAM', families => [qw(AF_INET AF_INET6)],
        flags => [qw(XP1_GUARANTEED_DELIVERY XP1_GUARANTEED_ORDER XP1_GRACEFUL_CLOSE)],
        capabilities => [qw(half-close relayable)]}]});
while (my $line = <STDIN>) {
    my $request = length $line <= $MAX_LINE ? eval { $json->decode($line) } : undef;
    if (ref $request ne 'HASH' || ($request->{id} // '') !~ /^-?\d+$/) {
        say_to_suite({id => undef, adapter_error => 'a line is not an object with a number as its id'});
        next;
    }
    my $reply = eval { answer($request) } // (ref $@ ? $@ : {adapter_error => "$@"});
    say_to_suite({%$reply, id => $request->{id}});
}
