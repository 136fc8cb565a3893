#!/bin/busybox sh
# shellcheck shell=dash
# First process of the benchmark's guest: says that it runs, does the task named on the kernel's command line, and
# prints what it measured as lines `result NAME VALUE`, in bytes per second.
echo 'bench init'
/bin/busybox mkdir -p /proc /sys /dev /tmp
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

while read -r module; do
  insmod "/modules/$module" 2>/dev/null
done </modules/order

# From what dd says at its end.
rate() { sed -n 's/^\([0-9]*\) bytes.* copied, \([0-9.e-]*\) s.*/\1 \2/p' | awk '{ printf "%d\n", $1 / $2 }'; }

# transfer NAME dd's arguments…: GNU dd, which can open for O_DIRECT and O_DSYNC; the latter flushes after each write.
transfer() {
  name=$1
  shift
  echo "result $name $(/usr/bin/dd "$@" 2>&1 | rate)"
}

# Each round at other places. What is read was written just before, so the host has it in memory.
disk() {
  for round in 1 2 3; do
    transfer write64k if=/dev/zero of=/dev/vda bs=64K count=192 seek=$((round * 192)) oflag=direct
    transfer read64k if=/dev/vda of=/dev/null bs=64K count=192 skip=$((round * 192)) iflag=direct
    transfer write4k if=/dev/zero of=/dev/vda bs=4K count=480 seek=$((round * 480)) oflag=direct
    transfer read4k if=/dev/vda of=/dev/null bs=4K count=480 skip=$((round * 480)) iflag=direct
    transfer write64kflush if=/dev/zero of=/dev/vda bs=64K count=24 seek=$((2000 + round * 24)) oflag=direct,dsync
    transfer write4kflush if=/dev/zero of=/dev/vda bs=4K count=24 seek=$((48000 + round * 24)) oflag=direct,dsync
  done
}

# In milliseconds; the kernel counts in hundredths of a second.
uptime_ms() { sed 's/^\([0-9]*\)\.\([0-9]*\) .*/\1\20/' /proc/uptime; }

# The host serves a file as large as the one that this guest serves; whoever reads it measures.
net() {
  bytes=$((16 << 20))
  ip address add 10.78.0.2/24 dev eth0
  ip link set eth0 up
  mkdir /tmp/served
  dd if=/dev/zero of=/tmp/served/file bs=64k count=$((bytes >> 16)) 2>/dev/null
  httpd -h /tmp/served
  for round in 1 2 3; do
    before=$(uptime_ms)
    got=$(wget -q -O - http://10.78.0.1/file | wc -c)
    [ "$got" = "$bytes" ] && echo "result receive $((bytes / ($(uptime_ms) - before) * 1000))"
  done
  echo 'bench serves'
}

# Something to see all the time, so that a pause is seen.
tick() {
  while :; do
    echo tick
    usleep 20000
  done
}

case $(tr ' ' '\n' </proc/cmdline | sed -n 's/^task=//p') in
  disk) disk ;;
  net) net ;;
  tick) tick ;;
esac
echo 'bench done'
while :; do sleep 3600; done
