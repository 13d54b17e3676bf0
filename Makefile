.PHONY: test test-quick test-long cross dist generate
test:
	./test.sh
test-quick:
	./test.sh quick
test-long:
	./test.sh long
cross:
	./dist.sh check
dist:
	./dist.sh
generate:
	go generate ./...
