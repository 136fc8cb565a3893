#!/bin/busybox sh
# shellcheck shell=dash
# First process of the demo guest. A disk that holds a hibernation image is resumed before anything else happens:
# from that write on, the memory of the guest that hibernated replaces this one.
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /root
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run

while read -r module; do
  insmod "/modules/$module"
done </modules/order

if [ "$(hibernation-image /dev/vda)" = S1SUSPEND ]; then
  echo 'resuming from /dev/vda'
  cat /sys/block/vda/dev >/sys/power/resume
  # Only a resume that failed gets here.
  echo 'resume failed, starting afresh'
fi

head -c 8 /dev/urandom | xxd -p >/run/marker
hostname guest
[ -e /dev/input/event0 ] && acpid -M /etc/acpi.map -a /etc/acpid.conf -c /etc/acpi -l /run/acpid.log
ip link set lo up
for interface in /sys/class/net/eth*; do
  [ -e "$interface" ] || continue
  udhcpc -i "${interface##*/}" -s /bin/lease -t 20 -T 1 -A 2 -b >/dev/null 2>&1 &
done
dmesg | grep -i 'psci:'

# `only_psci=1.0` on the command line makes this a guest that knows one version and gives up at others, as some do.
only=$(tr ' ' '\n' </proc/cmdline | sed -n 's/^only_psci=//p')
found=$(dmesg | sed -n 's/.*PSCIv\([0-9.]*\) detected.*/\1/p')
if [ -n "$only" ] && [ "$only" != "$found" ]; then
  echo "unsupported PSCI version $found"
  poweroff -f
  sleep 60
fi
echo "marker $(cat /run/marker)"
echo 'holdfast guest ready'
exec /bin/init
