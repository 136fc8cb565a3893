#!/bin/sh
# shellcheck disable=SC2154 # udhcpc passes what the server said in the environment.
# What udhcpc runs: gives the interface what the DHCP server said, and prints it on the console.
case "$1" in
  bound | renew)
    ip address flush dev "$interface"
    ip address add "$ip/$mask" dev "$interface"
    ip route flush dev "$interface" scope global 2>/dev/null
    for gateway in $router; do ip route add default via "$gateway" dev "$interface" && break; done
    : >/etc/resolv.conf
    for server in $dns; do echo "nameserver $server" >>/etc/resolv.conf; done
    [ "$1" = bound ] && echo "address $interface $ip/$mask" >/dev/console
    ;;
  deconfig) ip link set "$interface" up ;;
esac
