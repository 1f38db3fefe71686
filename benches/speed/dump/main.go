// Command dump writes a heap dump of many small objects.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	_ "runtime/pprof"
)

type item struct {
	next  *item
	name  string
	value *[40]byte
}

var (
	byName = map[string]*item{}
	list   *item
)

func main() {
	items := flag.Int("items", 1_000_000, "items of the map")
	out := flag.String("o", "heap.dump", "file")
	flag.Parse()
	for i := range *items {
		it := &item{name: fmt.Sprintf("item-%09d", i), value: new([40]byte)}
		byName[it.name] = it
		if i%4 == 0 {
			it.next = list
			list = it
		}
	}
	f, err := os.Create(*out)
	if err != nil {
		panic(err)
	}
	runtime.GC()
	debug.WriteHeapDump(f.Fd())
	f.Close()
}
