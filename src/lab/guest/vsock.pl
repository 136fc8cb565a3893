#!/bin/perl
# vsock listen PORT | vsock connect CID PORT: standard input to the peer, and the peer's bytes to standard output.
# Numbers are of Linux: AF_VSOCK 40, SOCK_STREAM 1, VMADDR_CID_ANY 2^32-1, SHUT_WR 1 (include/uapi/linux/vm_sockets.h).
my ($how, @where) = @ARGV;
my ($cid, $port) = $how eq 'listen' ? (0xffffffff, @where) : @where;
# struct sockaddr_vm: family, reserved, port, cid, 4 bytes of zero.
my $address = pack 'SSLLx4', 40, 0, $port, $cid;
my $peer;
socket my $own, 40, 1, 0 or die "socket: $!\n";
if ($how eq 'listen') {
  bind $own, $address or die "bind: $!\n";
  listen $own, 1 or die "listen: $!\n";
  print STDERR "listening\n";
  accept $peer, $own or die "accept: $!\n";
} else {
  connect $own, $address or die "connect: $!\n";
  $peer = $own;
}

sub copy {
  my ($from, $to) = @_;
  while (my $length = sysread $from, my $bytes, 65536) {
    for (my $sent = 0; $sent < $length; ) {
      my $more = syswrite $to, $bytes, $length - $sent, $sent;
      die "write: $!\n" unless defined $more;
      $sent += $more;
    }
  }
}

my $sender = fork;
die "fork: $!\n" unless defined $sender;
if ($sender == 0) {
  copy \*STDIN, $peer;
  shutdown $peer, 1;
  exit;
}
copy $peer, \*STDOUT;
waitpid $sender, 0;
