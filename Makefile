.PHONY: setup demo test check bench new docs lock
setup demo test check bench docs lock:
	@./run $@
new:
	@./run new $(filter-out $@,$(MAKECMDGOALS)) $(foreach v,law reader identifier channel language playbook,$(if $($(v)),$(v)=$($(v))))
