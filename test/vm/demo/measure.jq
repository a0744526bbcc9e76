# SPDX-License-Identifier: GPL-2.0
# From "bpftool -j batch" dumping pinned maps to lines "NAME NUMBER"; see measure.sh.
.[]
| (.command[3] | ltrimstr("/sys/fs/bpf/") | split("/")) as [$pin, $map]
| .output[].formatted
| .key as $key | .value as $v
| if $map == "bare" then
	"\($pin).bare \($v)"
  elif $map == "seen" then
	"\($pin).\($key)" as $name
	| "\($name) \($v.packets)",
	  "\($name).segments \($v.segments)",
	  "\($name).flags \($v.sampled)",
	  "\($name).hops \($v.hops)",
	  (([$v.packets, 1] | max) as $packets
	| "\($name).hop \($v.hops / $packets)",
	  "\($name).us \($v.age / $packets / 1000 | round)")
  elif $map == "drops" then
	"drops.\($key.service_id).\($key.reason) \($v)"
  else
	"\($pin).\($key) \($v)"
  end
