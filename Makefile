.PHONY: setup demo test check bench coverage new docs lock
setup demo test check bench coverage docs lock:
	@./run $@
new:
	@./run new $(filter-out $@,$(MAKECMDGOALS)) $(foreach v,law reader identifier channel language playbook measure,$(if $($(v)),$(v)=$($(v))))
