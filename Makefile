.PHONY: setup demo test check bench coverage fuzz new docs lock
setup demo test check bench coverage fuzz docs lock:
	@./run $@
new:
	@./run new $(filter-out $@,$(MAKECMDGOALS)) $(foreach v,law reader identifier channel language playbook measure,$(if $($(v)),$(v)=$($(v))))
